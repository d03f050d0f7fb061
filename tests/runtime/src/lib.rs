//! Journeys over the real runtime, in memory: blocks are executed as a node executes them, and every
//! test ends with the invariants of every pallet.
#![cfg(test)]
#![allow(clippy::unwrap_used)]

mod chain;

mod calls;
mod genesis;
mod journey;
mod weights;
