"""The local stand-in for the letter API."""
