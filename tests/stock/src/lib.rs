//! A runtime as anybody would build it from the SDK, with accounts and assets alone: what throughput is compared
//! with.
//!
//! As it comes it has the SDK's weights and slots of six seconds, of which blocks may use a third. With the feature
//! `tuned` it has our slots and limits, and what its reads and writes cost is what they were measured to cost.
#![no_std]
#![recursion_limit = "256"]

#[cfg(target_family = "wasm")]
mod runtime;
#[cfg(target_family = "wasm")]
pub use runtime::*;
