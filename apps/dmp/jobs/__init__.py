"""What machines carry on with documents."""
