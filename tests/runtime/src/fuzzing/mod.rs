//! What a fuzzer tries: histories of calls on the runtime ([`play`]), and what the runtime decodes ([`decoding`]).
//!
//! A history is bytes, eight for each act, see [`record`]. Most acts are calls that could succeed; some are bytes that
//! decode to a call. Each call is checked for its weight, each history for all books. `tests/fuzz` has the programs
//! that libFuzzer drives, and the corpus, which a test here replays.

pub mod decoding;
mod members;
mod points;
pub mod record;
#[cfg(test)]
mod replay;
mod tally;
mod watching;
mod world;

pub use tally::Tally;

use crate::chain::DAY;
use codec::DecodeLimit;
use frame_support::MAX_EXTRINSIC_DEPTH;
use hanse_runtime::RuntimeCall;
use record::Record;
use std::cell::RefCell;
use world::{Start, World};

/// Acts of a history at most, so that the next one has its turn.
pub const MAX_ACTS: usize = 256;

/// What an act does.
type Act = fn(&mut World, Record);

/// By the first byte of a record. What comes more than once is what most others need. The corpus depends on the
/// order: add at the end.
const ACTS: &[Act] = &[
	one_block,
	some_time,
	points::issue,
	points::issue_batch,
	points::pay,
	points::pay,
	points::pay,
	points::authorize,
	points::capture,
	points::void,
	points::refund,
	points::exchange,
	points::present_slips,
	points::create_program,
	points::revise_terms,
	points::cancel_award,
	points::mature,
	points::donate,
	points::donate_all,
	points::transfer,
	members::top_up,
	members::draw_down,
	members::grant_credit_line,
	members::report_deposit,
	members::confirm_deposit,
	members::attest_deposits,
	members::request_payout,
	members::end_payout,
	members::send_money,
	members::apply,
	members::withdraw_application,
	members::update_profile,
	members::top_up_bond,
	members::leave,
	members::close,
	members::set_keys,
	members::operate,
	members::decide_together,
	members::decide_together,
	members::end_motion,
	watching::register,
	watching::unregister,
	watching::forget,
	watching::join_accounts,
	watching::open_recovery,
	watching::end_recovery,
	watching::file_complaint,
	watching::answer_complaints,
	watching::open_case,
	watching::request_disclosure,
	watching::disclose,
	watching::attest_finding,
	watching::halt,
];
/// The first byte from which on a record is not an act, but bytes of a call.
const RAW: usize = 240;
/// Records that such a call may fill.
const RAW_RECORDS: usize = 16;

thread_local! {
	static START: RefCell<Start> = RefCell::new(Start::new());
}

/// Plays the history that `bytes` tell, and compares the books after it.
pub fn play(bytes: &[u8]) -> Tally {
	let records: Vec<_> = Record::all(bytes).take(MAX_ACTS).collect();
	START.with_borrow_mut(|start| {
		start.play(|world| {
			let mut rest = records.as_slice();
			while let [record, others @ ..] = rest {
				rest = if record.kind() < RAW {
					ACTS[record.kind() % ACTS.len()](world, *record);
					others
				} else {
					raw(world, *record, others)
				};
			}
			world.end();
		})
	})
}

fn one_block(world: &mut World, _: Record) {
	world.advance(0);
}

/// Seconds, hours or days, and up to four blocks after them, in which what is due is done.
fn some_time(world: &mut World, record: Record) {
	let unit = [1_000, 60_000, DAY / 24, DAY][record.to() % 4];
	world.advance(record.who() as u64 % 64 * unit);
	for _ in 0..record.other() % 4 {
		world.advance(0);
	}
}

/// A call in its encoding, which fills the records after this one. Returns those that it leaves.
fn raw<'a>(world: &mut World, record: Record, others: &'a [Record]) -> &'a [Record] {
	let (own, rest) = others.split_at(others.len().min(record.to() % RAW_RECORDS));
	let bytes: Vec<u8> =
		record.bytes()[2..].iter().copied().chain(own.iter().flat_map(|own| own.bytes())).collect();
	let call = RuntimeCall::decode_with_depth_limit(MAX_EXTRINSIC_DEPTH, &mut bytes.as_slice());
	if let Ok(call) = call {
		world.dispatch(world.anybody(record.who()), call);
	}
	rest
}
