//! Customers, what they complain about, and who watches.

use super::{points::receipt, record::Record, world::World};
use crate::wallet::*;
use hanse_runtime::{AccountId, Runtime};
use pallet_conduct::{Call as Conduct, Complaints};
use pallet_customers::{Call as Customer, Recoveries};
use pallet_supervision::{ActiveHalts, Call, DisclosureRequests, Finding, Target};
use sp_core::H256;

pub fn register(world: &mut World, record: Record) {
	let (registrar, institution) = (world.institution(record.who()), world.id(record.who()));
	let wallet = world.wallet(record.to());
	let tag = if record.other() < 128 { record.to() % 6 } else { record.other() % 4 };
	let call = match record.way() / 8 % 4 {
		0 => wallet.consents(institution, tag as u64),
		_ => wallet.consents_to_recovery(institution, tag as u64),
	};
	world.call(record, registrar, call);
}

pub fn unregister(world: &mut World, record: Record) {
	let account = world.customer(record.to());
	let who =
		if record.other().is_multiple_of(2) { account.clone() } else { world.institution(record.who()) };
	world.call(record, who, Customer::unregister { account });
}

pub fn forget(world: &mut World, record: Record) {
	world.call(record, world.customer(record.who()), Customer::forget {});
}

pub fn join_accounts(world: &mut World, record: Record) {
	let call = joining(world.wallet(record.who()), world.wallet(record.to()));
	world.call(record, world.customer(record.who()), call);
}

pub fn open_recovery(world: &mut World, record: Record) {
	let (old, institution) = (world.customer(record.to()), world.id(record.who()));
	let vintages = (0..record.way() as usize / 8 % 8).map(|nth| world.vintage(world.program(nth), nth / 4));
	let call = recovering(institution, &old, world.wallet(record.other()), vintages.collect());
	world.call(record, world.institution(record.who()), call);
}

fn recovery(nth: usize) -> Option<AccountId> {
	Recoveries::<Runtime>::iter_keys().nth(nth % 4)
}

pub fn end_recovery(world: &mut World, record: Record) {
	let Some(old) = recovery(record.to()) else { return };
	match record.other() % 4 {
		0 => world.call(record, old, Customer::object_to_recovery {}),
		1 => world.call(record, world.institution(record.who()), Customer::withdraw_recovery { old }),
		_ => world.call(record, world.anybody(record.who()), Customer::complete_recovery { old }),
	}
}

pub fn file_complaint(world: &mut World, record: Record) {
	let Some((merchant, payer, order, ..)) = receipt(record.to()) else { return };
	let who = if record.other() > 16 { payer.clone() } else { world.anybody(record.who()) };
	let evidence = H256::from_low_u64_be(record.number());
	world.call(record, who, Conduct::file_complaint { merchant, payer, order, evidence });
}

pub fn answer_complaints(world: &mut World, record: Record) {
	let up_to = record.to() as u64 % 16;
	let call = Conduct::answer_complaints { up_to, document: H256::repeat_byte(1) };
	world.call(record, world.institution(record.who()), call);
}

pub fn open_case(world: &mut World, record: Record) {
	let Some((merchant, number, _)) = Complaints::<Runtime>::iter().nth(record.to() % 16) else { return };
	world.call(record, world.institution(record.who()), Conduct::open_case { merchant, number });
}

/// What a right is used on; mostly what is halted, if it is about that.
pub fn target(world: &World, record: Record) -> Target<AccountId> {
	let halts = ActiveHalts::<Runtime>::get();
	if let Some(halt) = halts.get(record.other() % 8) {
		return halt.target.clone();
	}
	match record.other() % 3 {
		0 => Target::Program(world.program(record.other() / 3)),
		1 => Target::Institution(world.id(record.other() / 3)),
		_ => Target::Customer(world.customer(record.other() / 3)),
	}
}

/// The supervisor that there is from the start, or who got a right since.
fn supervisor(world: &World, record: Record) -> AccountId {
	if record.who().is_multiple_of(4) {
		return world.watch();
	}
	crate::chain::stranger(77)
}

pub fn request_disclosure(world: &mut World, record: Record) {
	let (institution, question) = (world.id(record.to()), H256::from_low_u64_be(record.number()));
	world.call(record, supervisor(world, record), Call::request_disclosure { institution, question });
}

pub fn disclose(world: &mut World, record: Record) {
	let open = DisclosureRequests::<Runtime>::iter_keys().nth(record.to() % 8);
	let (request, document) = (open.unwrap_or_default(), H256::repeat_byte(2));
	world.call(record, world.institution(record.who()), Call::disclose { request, document });
}

pub fn attest_finding(world: &mut World, record: Record) {
	let (institution, document) = (world.id(record.to()), H256::from_low_u64_be(record.number()));
	let finding = [Finding::InOrder, Finding::Remark, Finding::Deficient][record.other() % 3];
	world.call(record, supervisor(world, record), Call::attest_finding { institution, finding, document });
}

pub fn halt(world: &mut World, record: Record) {
	let (target, length) = (target(world, record), record.number() * 600_000);
	let reason = H256::repeat_byte(7);
	world.call(record, supervisor(world, record), Call::halt { target, length, reason });
}
