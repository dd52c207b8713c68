"""The stages in their order, and nothing else."""
