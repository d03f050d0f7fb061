//! Points: made, given, spent, taken back.

use super::{record::Record, world::World};
use crate::{chain::*, wallet::*};
use codec::Compact;
use hanse_primitives::{Balance, InstitutionId, Order, ProgramId};
use hanse_runtime::{AccountId, Exchange, Institutions, Rulebook, Runtime, System, Timestamp};
use pallet_exchange::{Authorisations, Call as Ex, Receipts, Slip};
use pallet_points::{Award, AwardedOrders, Call, Period, Terms};
use sp_runtime::MultiAddress;

fn terms(record: Record) -> Terms {
	let [_, _, face, time, offset, pending, _] = record.bytes();
	let months = u64::from(time % 6 + 1);
	let offset = i16::from(offset) * 5 - 600;
	let period = match time / 8 % 5 {
		0 => Period::Milliseconds(30 * DAY),
		1 => Period::Milliseconds(months * DAY),
		2 => Period::Months(offset),
		3 => Period::Quarters(offset),
		_ => Period::Years(offset),
	};
	let validity = months * if time > 127 { 60 } else { 30 } * DAY;
	let pending = u64::from(pending % 32) * DAY;
	Terms { face_value: u32::from(face) * 40, decimals: face % 8, period, validity, pending }
}

pub fn create_program(world: &mut World, record: Record) {
	let number = record.number();
	let (name, symbol) = (format!("Stars {number}").into_bytes(), format!("STAR{number}").into_bytes());
	let terms = terms(record);
	world.call(record, world.institution(record.who()), Call::create_program { name, symbol, terms });
}

pub fn revise_terms(world: &mut World, record: Record) {
	let program = world.program(record.who());
	world.call(record, world.issuer(program), Call::revise_terms { program, terms: terms(record) });
}

pub fn issue(world: &mut World, record: Record) {
	let (program, order) = (world.program(record.who()), world.order(record));
	let (to, amount) = (world.anybody(record.to()), record.amount());
	world.call(record, world.issuer(program), Call::issue { program, to, amount, order });
}

pub fn issue_batch(world: &mut World, record: Record) {
	let program = world.program(record.who());
	let awards: Vec<_> = (0..record.other() % 12)
		.map(|nth| Award {
			to: world.customer(record.to() + nth),
			amount: record.amount(),
			order: world.order(record).commitment,
		})
		.collect();
	let awards = awards.try_into().unwrap();
	world.call(record, world.issuer(program), Call::issue_batch { program, era: era(), awards });
}

pub fn cancel_award(world: &mut World, record: Record) {
	let Some((program, order)) = AwardedOrders::<Runtime>::iter_keys().nth(record.who() % 32) else { return };
	let total = record.amount();
	world.call(record, world.issuer(program), Call::cancel_award { program, order, total });
}

pub fn mature(world: &mut World, record: Record) {
	world.call(record, world.anybody(record.who()), Call::mature { limit: record.to() as u32 });
}

pub fn donate(world: &mut World, record: Record) {
	let (from, to) = (world.customer(record.who()), world.anybody(record.to()));
	let program = world.program(record.other());
	world.call(record, from, Call::donate { program, to, amount: record.amount() });
}

pub fn donate_all(world: &mut World, record: Record) {
	let (from, to) = (world.customer(record.who()), world.anybody(record.to()));
	let programs: Vec<_> = (0..record.other() % 8).map(|nth| world.program(nth)).collect();
	world.call(record, from, Call::donate_all { programs: programs.try_into().unwrap(), to });
}

pub fn transfer(world: &mut World, record: Record) {
	let (from, target) = (world.customer(record.who()), MultiAddress::Id(world.anybody(record.to())));
	let id = Compact(world.vintage(world.program(record.other()), record.other() / 16));
	let amount = record.amount();
	let call = match record.way() / 8 % 3 {
		0 => pallet_assets::Call::transfer { id, target, amount },
		1 => pallet_assets::Call::transfer_keep_alive { id, target, amount },
		_ => pallet_assets::Call::transfer_all { id, dest: target, keep_alive: amount.is_multiple_of(2) },
	};
	world.call(record, from, call);
}

/// The programs whose bit is set, of the first eight: as many points as there are, or few.
fn legs(world: &World, record: Record) -> Vec<(ProgramId, Balance)> {
	let most = if record.way() > 240 { record.amount() } else { Balance::MAX };
	let chosen = (0..8).filter(|bit| record.other() & (1 << bit) != 0);
	chosen.map(|bit| (world.program(bit), most)).collect()
}

pub fn pay(world: &mut World, record: Record) {
	let (payer, merchant) = (world.customer(record.who()), world.id(record.to()));
	let (order, price, legs) = (world.order(record), record.amount(), legs_of(&legs(world, record)));
	let quote = Exchange::quote_pay(payer.clone(), merchant, order, price, legs.clone());
	let (before, due_was_done) = (worth(&payer), System::inherents_applied());
	world.call(record, payer.clone(), Ex::pay { merchant, order, price, legs });
	// What is due in a block is done before its first transaction, and can give the payer more than the quote knew of.
	let is_quoted = System::inherents_applied() == due_was_done;
	let burned = quote.as_ref().map_or(0, |burns| burns.iter().map(|burn| burn.value).sum());
	let cost = before.saturating_sub(worth(&payer));
	assert!(
		cost == 0 || cost >= price && (burned == price || !is_quoted),
		"paid {price} with {cost}, quoted {quote:?}"
	);
}

pub fn authorize(world: &mut World, record: Record) {
	let (payer, merchant) = (world.customer(record.who()), world.id(record.to()));
	let (order, price, legs) = (world.order(record), record.amount(), legs_of(&legs(world, record)));
	world.call(record, payer, Ex::authorize { merchant, order, price, legs });
}

/// An open authorisation: the merchant, the payer, the order, and what can still be captured.
fn authorisation(nth: usize) -> Option<(InstitutionId, AccountId, Order, Balance)> {
	let (key, open) = Authorisations::<Runtime>::iter().nth(nth % 8)?;
	let order = key.order(era());
	Some((key.merchant, key.payer, order, open.price - open.captured))
}

fn account_of(merchant: InstitutionId) -> Option<AccountId> {
	use hanse_primitives::Members;
	Institutions::account(merchant).ok()
}

pub fn capture(world: &mut World, record: Record) {
	let Some((merchant, payer, order, left)) = authorisation(record.who()) else { return };
	let (value, last) = (record.amount_up_to(left), record.to().is_multiple_of(4));
	let Some(who) = account_of(merchant) else { return };
	world.call(record, who, Ex::capture { payer, order, value, last });
}

pub fn void(world: &mut World, record: Record) {
	let Some((merchant, payer, order, _)) = authorisation(record.who()) else { return };
	let who = account_of(merchant).filter(|_| record.to() > 64).unwrap_or_else(|| payer.clone());
	world.call(record, who, Ex::void { merchant, payer, order });
}

/// A receipt: the merchant, the payer, the order, what was paid, and what of it was refunded.
pub fn receipt(nth: usize) -> Option<(InstitutionId, AccountId, Order, Balance, Balance)> {
	let (key, receipt) = Receipts::<Runtime>::iter().nth(nth % 32)?;
	let order = key.order(receipt.era);
	Some((key.merchant, key.payer, order, receipt.price, receipt.refunded))
}

pub fn refund(world: &mut World, record: Record) {
	let Some((merchant, payer, order, price, refunded)) = receipt(record.who()) else { return };
	let total = refunded.saturating_add(record.amount_up_to(price.saturating_sub(refunded)));
	let Some(who) = account_of(merchant) else { return };
	let (holder, before) = (payer.clone(), worth(&payer));
	world.call(record, who, Ex::refund { payer, order, total });
	let gained = worth(&holder).saturating_sub(before);
	// Cumulative shares are rounded down, so a later part may make up for earlier ones.
	assert!(gained <= (total - refunded).saturating_add(64 * 10_000), "a refund gave {gained} of {total}");
}

pub fn exchange(world: &mut World, record: Record) {
	let who = world.customer(record.who());
	let (from, to) = (world.program(record.to()), world.program(record.other()));
	let before = worth(&who);
	world.call(record, who.clone(), Ex::exchange { from, amount: record.amount(), to, min_out: 1 });
	assert!(worth(&who) <= before, "an exchange gained");
}

pub fn present_slips(world: &mut World, record: Record) {
	let merchant = world.institution(record.to());
	let slips = (0..=record.other() % 4).map(|nth| slip(world, record, nth)).collect::<Vec<_>>();
	world.call(record, merchant, Ex::present_slips { slips: slips.try_into().unwrap() });
}

/// Signed by the payer, unless somebody else did.
fn slip(world: &mut World, record: Record, nth: usize) -> Slip<AccountId, hanse_runtime::Signature> {
	let (number, order) = (record.who() + nth, world.order(record));
	let (payer, price, merchant) = (world.customer(number), record.amount(), world.id(record.to()));
	let legs = legs_of(&legs(world, record));
	let until = Timestamp::get() + Rulebook::rules().slip_lifetime;
	let bytes = Exchange::slip(merchant, payer.clone(), order, price, legs.clone(), until);
	let signer = if record.way() == u8::MAX { number + 1 } else { number };
	let signature = world.wallet(signer).signs_bytes(&bytes);
	Slip { payer, order, price, legs, until, signature }
}
