"""What somebody sees and does on the desk: a file for each screen, a folder for the letter's."""
