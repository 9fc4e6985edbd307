"""Out to other tools (交换): what a record holds, in formats that other people's programs read already."""
