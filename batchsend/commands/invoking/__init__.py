"""How a command is called: options, exit statuses, faults in words."""
