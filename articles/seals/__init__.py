"""The log tree over what stands in revisions and moderation, and its signed checkpoints."""
