//! The stock runtime, tuned: see the crate `hanse-stock`.
#![no_std]

#[cfg(target_family = "wasm")]
pub use hanse_stock::*;
