"""The report files: which there are, what stands in them, in which words, letters and bytes. They read the world and change nothing."""
