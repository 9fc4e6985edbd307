"""The record as a transparency log (透明日志): tree, checkpoints, witnesses and receipts, in the formats of C2SP."""
