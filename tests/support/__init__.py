"""What several tests build: blueprints, jobs, folders."""
