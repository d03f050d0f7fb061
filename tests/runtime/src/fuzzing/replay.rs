//! The corpus that the fuzzer found, once more and without it: all that it reached is reached.

use super::{decoding, play, Tally, MAX_ACTS};
use crate::fuzzing::record::LENGTH;
use std::{collections::BTreeSet, fs, path::PathBuf};

/// What succeeds in the corpus. Calls that the fuzzer did not bring to success yet are not here.
const REACHED: &[&str] = &[
	"Alliance.close",
	"Alliance.propose",
	"Alliance.release_proposal_cost",
	"Alliance.vote",
	"Assets.transfer",
	"Assets.transfer_all",
	"Assets.transfer_keep_alive",
	"Authorities.operate",
	"Balances.transfer_all",
	"Balances.transfer_allow_death",
	"Balances.transfer_keep_alive",
	"Clearing.accept_credit_line",
	"Clearing.attest_deposits",
	"Clearing.cancel_payout",
	"Clearing.complete_payout",
	"Clearing.confirm_deposit",
	"Clearing.draw_down",
	"Clearing.grant_credit_line",
	"Clearing.report_deposit",
	"Clearing.request_payout",
	"Clearing.top_up",
	"Conduct.answer_complaints",
	"Conduct.file_complaint",
	"Customers.complete_recovery",
	"Customers.forget",
	"Customers.join_accounts",
	"Customers.object_to_recovery",
	"Customers.open_recovery",
	"Customers.register",
	"Customers.unregister",
	"Customers.withdraw_recovery",
	"Exchange.authorize",
	"Exchange.capture",
	"Exchange.exchange",
	"Exchange.pay",
	"Exchange.present_slips",
	"Exchange.refund",
	"Exchange.void",
	"Institutions.apply",
	"Institutions.close",
	"Institutions.leave",
	"Institutions.top_up_bond",
	"Institutions.update_profile",
	"Institutions.withdraw_application",
	"Points.cancel_award",
	"Points.create_program",
	"Points.donate",
	"Points.donate_all",
	"Points.issue",
	"Points.issue_batch",
	"Points.mature",
	"Points.revise_terms",
	"Proxy.proxy",
	"Rulebook.renew",
	"Session.set_keys",
	"Supervision.attest_finding",
	"Supervision.disclose",
	"Supervision.halt",
	"Supervision.request_disclosure",
	"Utility.batch_all",
];

/// The files of the corpus of a target, by their names.
fn corpus(target: &str) -> Vec<Vec<u8>> {
	let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus").join(target);
	let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
	paths.sort();
	paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

#[test]
fn the_books_are_equal_after_each_history_of_the_corpus_and_each_important_call_succeeds_in_one() {
	let mut tally = Tally::default();
	for history in corpus("calls") {
		tally.add(&play(&history));
	}
	println!("{tally}");
	let missed: Vec<_> = REACHED.iter().filter(|name| tally.successes_of(name) == 0).collect();
	assert_eq!(missed, Vec::<&&str>::new());
}

#[test]
fn what_the_corpus_decodes_to_encodes_to_the_same_and_is_of_every_kind() {
	let kinds: BTreeSet<_> = corpus("decoding").iter().filter_map(|bytes| decoding::decode(bytes)).collect();
	assert_eq!(kinds, BTreeSet::from(decoding::KINDS));
}

#[test]
fn a_history_happens_the_same_way_each_time_and_leaves_nothing() {
	let history =
		corpus("calls").into_iter().max_by_key(|history| history.len().min(MAX_ACTS * LENGTH)).unwrap();
	assert_eq!(play(&history).to_string(), play(&history).to_string());
}
