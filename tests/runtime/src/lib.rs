//! Journeys over the real runtime, in memory: blocks are executed as a node executes them, and every
//! test ends with the invariants of every pallet.
#![cfg(test)]
#![allow(clippy::unwrap_used)]

mod alliance;
mod chain;
mod wallet;

mod accesses;
mod attacks;
mod awards;
mod blocks;
mod brakes;
mod bystander;
mod calls;
mod capture;
mod clearing;
mod clocks;
mod conduct;
mod crowd;
mod crowding;
mod customers;
mod delegation;
mod docs;
mod exits;
mod exported;
mod farming;
mod fees;
mod genesis;
mod governance;
mod history;
mod hooks;
mod journey;
mod judgements;
mod metadata;
mod motions;
mod names;
mod points;
mod reference;
mod refusals;
mod rules;
mod silence;
mod slips;
mod stops;
mod supervision;
mod tills;
mod versions;
mod vocabulary;
mod weights;
