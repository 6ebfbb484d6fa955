"""What is shown: answers for readers, and how well the engine does against labelled cases."""
