"""promiseFib(n) in WebAssembly, suspended in several ways."""
