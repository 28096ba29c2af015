"""Is the description right? Records, their forms, their schemas, their crosswalks."""
