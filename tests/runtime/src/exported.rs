//! The state of a node that ran, as `hanse export-state` writes it. `scripts/test --faults` has such states.

use crate::chain::check;
use hanse_runtime::System;
use sp_core::{bytes::from_hex, storage::Storage};
use std::{env, fs::File, io::BufReader};

#[test]
#[ignore = "HANSE_STATE names a specification that a node exported"]
fn every_invariant_holds_in_the_state_of_a_node() {
	let file = File::open(env::var("HANSE_STATE").expect("HANSE_STATE names the file")).unwrap();
	let spec: serde_json::Value = serde_json::from_reader(BufReader::new(file)).unwrap();
	let items = spec["genesis"]["raw"]["top"].as_object().unwrap();
	let bytes = |hex: &str| from_hex(hex).unwrap();
	let top = items.iter().map(|(key, value)| (bytes(key), bytes(value.as_str().unwrap()))).collect();
	let mut state = sp_io::TestExternalities::new(Storage { top, children_default: Default::default() });
	state.execute_with(|| {
		assert!(System::block_number() > 0, "the state of genesis");
		check();
	});
}
