//! The gateway as its users have it: a process of its own beside a node, asked over HTTP.
//!
//! | file | what it tests |
//! |---|---|
//! | `crash` | whatever is killed when, each order is served once; and again after the database was deleted |
//! | `load` | awards, slips and catching up: how many, how fast, in how much memory |
//! | `many` | many institutions in one process: none waits for another |
//!
//! They take a built node (`HANSE_BIN=…/hanse`), and are small unless the environment says otherwise:
//! `scripts/test --gateway-full` and `scripts/bench gateway` do that. The database is SQLite, or what
//! `HANSE_TEST_DATABASE` names.

mod chain;
mod crash;
mod figures;
mod gateway;
mod load;
mod many;
mod node;
mod receiver;
mod shop;
#[path = "../../src/store/testing.rs"]
#[allow(dead_code, reason = "unit tests use the rest")]
mod testing;

use std::{env, time::Duration};
use tokio::sync::Mutex;

/// How long whatever it is may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(240);

/// One of these tests at a time: each wants all processors.
static ALONE: Mutex<()> = Mutex::const_new(());

/// A number from the environment.
fn setting(name: &str, default: u64) -> u64 {
	match env::var(name) {
		Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name}={text} is no whole number")),
		Err(_) => default,
	}
}

/// Small random numbers, the same again for the same seed.
struct Dice(u64);

impl Dice {
	fn up_to(&mut self, most: u64) -> u64 {
		self.0 ^= self.0 << 13;
		self.0 ^= self.0 >> 7;
		self.0 ^= self.0 << 17;
		self.0 % most
	}
}
