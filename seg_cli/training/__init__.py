"""Training: lessons that break the world, goals that are measured, and the coach that speaks."""
