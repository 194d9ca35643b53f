"""Attention of a text in WebAssembly: the templates of attention-prefill without their mask."""
