"""What others judge us by: open figures, the five faces, 典型案例. docs/features/evaluation.md."""
