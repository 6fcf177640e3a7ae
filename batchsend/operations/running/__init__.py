"""What a run is made of: its permission, its letters on the way, copies, caps, stopping."""
