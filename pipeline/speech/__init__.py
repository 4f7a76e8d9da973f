"""Speech and other sounds on a channel."""
