"""What runs the generated code: integration methods, the lane driver, machine code."""
