"""What a second person approves before a mailing is sent."""
