"""The engines that print letters, and the choice of one."""
