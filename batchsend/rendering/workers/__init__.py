"""Processes that render, and the pool that hands letters to them."""
