"""Mail: queued with what makes it necessary, rendered and delivered by the worker."""
