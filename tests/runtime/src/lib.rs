//! Journeys over the real runtime, in memory: blocks are executed as a node executes them, and every
//! test ends with the invariants of every pallet. [`fuzzing`] plays histories that are bytes, for tests/fuzz.
#![allow(clippy::unwrap_used)]

pub mod alliance;
pub mod chain;
pub mod fuzzing;
pub mod wallet;

#[cfg(test)]
mod accesses;
#[cfg(test)]
mod attacks;
#[cfg(test)]
mod awards;
#[cfg(test)]
mod blocks;
#[cfg(test)]
mod brakes;
#[cfg(test)]
mod bystander;
#[cfg(test)]
mod calls;
#[cfg(test)]
mod capture;
#[cfg(test)]
mod clearing;
#[cfg(test)]
mod clocks;
#[cfg(test)]
mod conduct;
#[cfg(test)]
mod crowd;
#[cfg(test)]
mod crowding;
#[cfg(test)]
mod customers;
#[cfg(test)]
mod delegation;
#[cfg(test)]
mod docs;
#[cfg(test)]
mod exits;
#[cfg(test)]
mod exported;
#[cfg(test)]
mod farming;
#[cfg(test)]
mod fees;
#[cfg(test)]
mod genesis;
#[cfg(test)]
mod governance;
#[cfg(test)]
mod history;
#[cfg(test)]
mod hooks;
#[cfg(test)]
mod journey;
#[cfg(test)]
mod judgements;
#[cfg(test)]
mod metadata;
#[cfg(test)]
mod motions;
#[cfg(test)]
mod names;
#[cfg(test)]
mod native;
#[cfg(test)]
mod points;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod rules;
#[cfg(test)]
mod silence;
#[cfg(test)]
mod slips;
#[cfg(test)]
mod stops;
#[cfg(test)]
mod supervision;
#[cfg(test)]
mod tills;
#[cfg(test)]
mod versions;
#[cfg(test)]
mod vocabulary;
#[cfg(test)]
mod weights;
