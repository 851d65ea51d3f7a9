"""What of the templates no case ever reached: measured, summed up and shown."""
