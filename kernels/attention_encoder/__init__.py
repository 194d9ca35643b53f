"""Attention of a text in WGSL: the templates of attention-prefill without their mask."""
