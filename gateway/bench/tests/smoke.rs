//! A short load on a built node (`HANSE_BIN=…/hanse`, with hanse-population beside it): a chain that stalls, or a
//! transaction that is lost, fails here and not first in a measurement.

use serde_json::Value;
use std::process::Command;

fn measure(arguments: &str) -> Value {
	let mut command = Command::new(env!("CARGO_BIN_EXE_hanse-bench"));
	let output =
		command.args(["payments", "--json"]).args(arguments.split(' ')).output().expect("hanse-bench runs");
	assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
	serde_json::from_slice(&output.stdout).expect("JSON")
}

/// That all which was accepted is final, and the books agree, the program asserts itself.
fn assert_runs(measured: &Value, accepted: u64) {
	let number = |name: &str| measured[name].as_u64().unwrap_or_else(|| panic!("{name}: {measured}"));
	println!("{measured}");
	assert_eq!((number("accepted"), number("lost"), number("failed")), (accepted, 0, 0));
	assert!(number("done") > 0, "{measured}");
	assert!(number("missed") <= number("blocks"), "a block in less than half of the slots: {measured}");
}

#[test]
#[ignore = "needs a built node: HANSE_BIN"]
fn payments_one_after_the_other_of_each_customer_are_all_final() {
	let measured = measure("pay --customers 400 --rounds 3 --rate 150 --seconds 30 --warm-up 1");
	assert_runs(&measured, 1_200);
}

#[test]
#[ignore = "needs a built node: HANSE_BIN"]
fn slips_in_lists_are_all_final() {
	let measured = measure("slips --customers 640 --slips 8 --rate 10 --seconds 30 --warm-up 1");
	assert_runs(&measured, 80);
}
