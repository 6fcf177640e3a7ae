"""What has been decided and done."""
