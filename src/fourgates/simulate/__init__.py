"""An invented county (模拟县): a whole folder of spreadsheets as a real county sends it, and faults planted in it."""
