"""What the WebAssembly engines share: the assembler, where operands lie in a memory, and the proposals."""
