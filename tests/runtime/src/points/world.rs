//! An alliance to which the steps happen, and what is checked of each.

use super::Step;
use crate::{alliance::*, chain::*, wallet::*};
use codec::Compact;
use frame_support::storage::with_storage_layer;
use hanse_primitives::{
	asset_id, AssetId, Balance, Chargebacks, ClockStop, InstitutionId, Members as _, ProgramClocks as _,
	ProgramId,
};
use hanse_runtime::{AccountId, Points, Runtime, RuntimeCall, Timestamp};
use pallet_clearing::{Call as Clear, Issuance, IssuanceTotals};
use pallet_points::{AwardedOrders, Call, LiabilityOf, Programs, Terms};
use pallet_supervision::Target;
use sp_keyring::Sr25519Keyring::{One, Two};
use sp_runtime::{traits::Dispatchable, MultiAddress};

/// The first open vintage of a program.
fn vintage(program: ProgramId) -> AssetId {
	let open = Programs::<Runtime>::get(program).and_then(|program| program.vintages.first().copied());
	open.map_or(asset_id(program, 0), |vintage| vintage.asset)
}

/// An open authorisation: the merchant, the payer, the order, and what can still be captured.
fn authorisation(nth: usize) -> Option<(InstitutionId, AccountId, hanse_primitives::Order, Balance)> {
	let (key, open) = pallet_exchange::Authorisations::<Runtime>::iter().nth(nth)?;
	let order = key.order(0);
	Some((key.merchant, key.payer, order, open.price - open.captured))
}

pub(crate) struct World {
	pub(crate) people: Vec<Wallet>,
	supervisor: AccountId,
	orders: u64,
	pub(crate) seen: Seen,
}

/// How often something was so after a step.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Seen {
	pub(crate) done: u32,
	pub(crate) on_lines: u32,
	pub(crate) overdue: u32,
	pub(crate) in_run_off: u32,
	pub(crate) minted: u32,
	pub(crate) burned: u32,
	pub(crate) halted: u32,
	pub(crate) paid_back: u32,
}

impl Seen {
	/// Whether something never was so.
	pub(crate) fn lacks_something(&self) -> bool {
		let Self { done, on_lines, overdue, in_run_off, minted, burned, halted, paid_back } = *self;
		[done, on_lines, overdue, in_run_off, minted, burned, halted, paid_back].contains(&0)
	}
}

/// What a member lacks of what must stand behind its points, and of the least reserve; nothing, once its end has
/// begun.
pub(crate) fn lacking(id: InstitutionId) -> Balance {
	use hanse_primitives::{Liabilities as _, Reserves as _};
	if hanse_runtime::Institutions::ensure_payable(id).is_err() {
		return 0;
	}
	let (least, free) = (Points::required_backing(id), hanse_runtime::Clearing::free_reserve(id));
	let bond = hanse_runtime::Institutions::bond(id) - hanse_runtime::Clearing::bond_debt(id);
	least.all.saturating_sub(bond + free).max(least.reserve.saturating_sub(free))
}

impl World {
	pub(crate) fn new() -> Self {
		for (institution, face_value, pending) in [(1, 10_000, 0), (2, 2_500, 5), (3, 7, 0), (4, 1, 20)] {
			program(institution, Terms { face_value, pending: pending * DAY, ..TERMS });
		}
		let people: Vec<_> = (0..4).map(Wallet::new).collect();
		// The last one is a stranger to begin with.
		for (tag, person) in (0..3).zip(&people) {
			register(1, person, tag);
		}
		World { people, supervisor: supervisor(), orders: 0, seen: Seen::default() }
	}

	fn who(&self, person: u32) -> AccountId {
		self.people[person as usize].account()
	}

	/// Dispatches a call as a transaction that changes nothing if it fails.
	fn call(&mut self, who: AccountId, call: impl Into<RuntimeCall>) -> bool {
		let done = dispatch(who, call).is_ok();
		self.seen.done += u32::from(done);
		done
	}

	fn order(&mut self) -> hanse_primitives::Order {
		self.orders += 1;
		order(self.orders)
	}

	fn issuer(program: ProgramId) -> AccountId {
		member(if program <= 4 { program.into() } else { 1 })
	}

	pub(crate) fn take(&mut self, step: Step) {
		match step {
			Step::Issue { program, to, amount } => {
				let (to, order) = (self.who(to), self.order());
				self.call(Self::issuer(program), Call::issue { program, to, amount, order });
			},
			Step::Batch { program, amounts } => {
				let awards: Vec<_> = amounts
					.into_iter()
					.zip(0..)
					.map(|(amount, n)| pallet_points::Award {
						to: self.who(n % 4),
						amount,
						order: self.order().commitment,
					})
					.collect();
				let awards = awards.try_into().unwrap();
				self.call(Self::issuer(program), Call::issue_batch { program, era: era(), awards });
			},
			Step::Cancel { nth, total } => {
				let Some((program, order)) = AwardedOrders::<Runtime>::iter_keys().nth(nth) else { return };
				self.call(Self::issuer(program), Call::cancel_award { program, order, total });
			},
			Step::Mature { limit } => {
				self.call(self.who(0), Call::mature { limit });
			},
			Step::Revise { program, face_value, pending, validity } => {
				let terms = Terms { face_value, pending, validity, ..TERMS };
				self.call(Self::issuer(program), Call::revise_terms { program, terms });
			},
			Step::Give { program, from, to, amount } => {
				let (from, to) = (self.who(from), self.who(to));
				let (id, target) = (Compact(vintage(program)), MultiAddress::Id(to.clone()));
				let call = pallet_assets::Call::transfer { id, target, amount };
				self.moves(from, to, call);
			},
			Step::Donate { program, from, to, amount } => {
				let (from, to) = (self.who(from), self.who(to));
				self.moves(from, to.clone(), Call::donate { program, to, amount });
			},
			Step::Pay { payer, merchant, price, legs } => {
				let (payer, order) = (self.who(payer), self.order());
				let before = worth(&payer);
				let legs = legs_of(&legs);
				let quote =
					hanse_runtime::Exchange::quote_pay(payer.clone(), merchant, order, price, legs.clone());
				let call = pallet_exchange::Call::pay { merchant, order, price, legs };
				let paid = self.call(payer.clone(), call);
				assert_eq!(quote.is_ok(), paid, "the quote is not what the payment does");
				if paid {
					let burned = quote.unwrap().iter().map(|burn| burn.value).sum::<Balance>();
					assert_eq!(burned, price);
					assert!(before - worth(&payer) >= price, "a payment cost less than its price");
				}
			},
			Step::Authorize { payer, merchant, price, legs } => {
				let (payer, order) = (self.who(payer), self.order());
				let before = worth(&payer);
				let legs = legs_of(&legs);
				let call = pallet_exchange::Call::authorize { merchant, order, price, legs };
				if self.call(payer.clone(), call) {
					assert!(before - worth(&payer) >= price, "an authorisation took less than its price");
				}
			},
			Step::Capture { nth, value } => {
				let Some((merchant, payer, order, price)) = authorisation(nth) else { return };
				let (before, value) = (worth(&payer), value.min(price));
				let last = value % 2 == 0;
				let call = pallet_exchange::Call::capture { payer: payer.clone(), order, value, last };
				self.call(member(merchant), call);
				// Of a vintage whose last unit was worth more than the price, all comes back.
				assert!(
					worth(&payer) - before <= price - value + 64 * 10_000,
					"a capture gave too much back"
				);
			},
			Step::Void { nth } => {
				let Some((merchant, payer, order, price)) = authorisation(nth) else { return };
				let before = worth(&payer);
				self.call(
					member(merchant),
					pallet_exchange::Call::void { merchant, payer: payer.clone(), order },
				);
				assert!(worth(&payer) - before <= price + 64 * 10_000, "a void gave too much back");
			},
			Step::Refund { nth, value } => {
				let Some((key, receipt)) = pallet_exchange::Receipts::<Runtime>::iter().nth(nth) else {
					return;
				};
				let order = key.order(receipt.era);
				let pallet_exchange::ReceiptKey { merchant, payer, .. } = key;
				let left = receipt.price - receipt.refunded;
				// Now and then more than is left.
				let value = if value > 1_000_000 { value } else { value.min(left) };
				let before = worth(&payer);
				let total = receipt.refunded + value;
				let call = pallet_exchange::Call::refund { payer: payer.clone(), order, total };
				let lacked = lacking(merchant);
				if self.call(member(merchant), call) {
					assert!(lacking(merchant) <= lacked, "a refund took what holders count on");
					// Cumulative shares are rounded down, so a later part may make up for earlier ones.
					assert!(worth(&payer) - before <= value + 64 * 10_000, "a refund gave too much");
				}
			},
			Step::PayBack { nth } => {
				let receipts = pallet_exchange::Receipts::<Runtime>::iter();
				let Some((key, receipt)) = receipts.filter(|(_, receipt)| receipt.price > 0).nth(nth) else {
					return;
				};
				let pallet_exchange::ReceiptKey { merchant, payer, commitment } = key;
				let order = hanse_primitives::Order { era: receipt.era, commitment };
				let lacked = lacking(merchant);
				let paid = <hanse_runtime::Exchange as Chargebacks<_>>::charge_back(merchant, &payer, order);
				self.seen.paid_back += u32::from(paid.is_ok_and(|value| value > 0));
				assert!(lacking(merchant) <= lacked, "a judgement took what holders count on");
			},
			Step::Exchange { who, from, to, amount } => {
				let who = self.who(who);
				let before = worth(&who);
				let call = pallet_exchange::Call::exchange { from, amount, to, min_out: 1 };
				self.call(who.clone(), call);
				assert!(worth(&who) <= before, "an exchange gained");
			},
			Step::TopUp { institution, amount } => {
				self.member_calls(institution, Clear::top_up { amount });
			},
			Step::DrawDown { institution, amount } => {
				self.member_calls(institution, Clear::draw_down { amount });
			},
			Step::Drain { institution, left } => {
				let account = hanse_runtime::Clearing::positions(institution);
				let Some(account) = account else { return };
				let least = pallet_points::LiabilityOf::<Runtime>::get(institution).outstanding.div_ceil(10);
				let left = left.saturating_add(least.max(account.owed + account.earmarked_on_lines));
				let amount = account.free_reserve.saturating_sub(left);
				self.member_calls(institution, Clear::draw_down { amount });
			},
			Step::GrantLine { creditor, debtor, limit } => {
				self.member_calls(creditor, Clear::grant_credit_line { debtor, limit });
				// Now and then less than all of it.
				let limit = if limit % 5 == 0 { limit / 2 } else { limit };
				self.member_calls(debtor, Clear::accept_credit_line { creditor, limit });
			},
			Step::Payout { institution, amount } => {
				self.member_calls(institution, Clear::request_payout { amount });
			},
			Step::EndPayout { institution, by_agent: true } => {
				self.call(account(One), Clear::complete_payout { institution });
			},
			Step::EndPayout { institution, by_agent: false } => {
				self.call(self.who(0), Clear::cancel_payout { institution });
			},
			Step::Fund { institution, amount, attested } => {
				if attested {
					let total = pallet_balances::TotalIssuance::<Runtime>::get();
					for role in [One, Two] {
						self.call(account(role), Clear::attest_deposits { total });
					}
				}
				let reference = self.order().commitment;
				self.call(account(One), Clear::report_deposit { institution, amount, reference });
				self.call(account(Two), Clear::confirm_deposit { reference });
			},
			Step::Halt { who, days, ratified } => {
				let target = Target::Customer(self.who(who));
				if ratified {
					let ratify = pallet_supervision::Call::ratify_halt { target: target.clone() };
					let members = pallet_collective::RawOrigin::Members(3, 4);
					let _ = with_storage_layer(|| RuntimeCall::from(ratify).dispatch(members.into()));
				}
				let done = halt(&self.supervisor, &target, days * DAY).is_ok();
				self.seen.done += u32::from(done);
			},
			Step::DeadlineClock { program, stop } => {
				let reason = ClockStop::Halt;
				let _ = if stop { Points::stop(program, reason) } else { Points::resume(program, reason) };
			},
			Step::Unregister { who } => {
				let account = self.who(who);
				self.call(account.clone(), pallet_customers::Call::unregister { account });
			},
			Step::Register { who } => {
				let call = self.people[who as usize].consents(1 + who, who.into());
				self.call(member(1 + who), call);
			},
			Step::Wait { time } => {
				block_at(Timestamp::get() + time + 1_000, vec![]);
				// What is due is done before anybody acts, as in a block.
				next_block();
			},
		}
	}

	/// What one loses the other gets, to the unit.
	fn moves(&mut self, from: AccountId, to: AccountId, call: impl Into<RuntimeCall>) {
		let before = worth(&from) + worth(&to);
		self.call(from.clone(), call);
		let after = worth(&from) + worth(&to);
		// In run-off what many hold is rounded down for each, so that parts can pay one unit less than the whole.
		let in_run_off = LiabilityOf::<Runtime>::iter_values().any(|liability| liability.run_off.is_some());
		let slack = if in_run_off { 8 } else { 0 };
		assert!(after.abs_diff(before) <= slack, "a gift made {before} to {after}");
	}

	/// At every step net zero: what there is of the settlement unit is what was at genesis, minted and not
	/// burned, and all of it is on some account.
	pub(crate) fn observe(&mut self) {
		let Issuance { genesis, minted, burned } = IssuanceTotals::<Runtime>::get();
		assert_eq!(issuance(), genesis + minted - burned);
		let accounts = frame_system::Account::<Runtime>::iter_values();
		assert_eq!(
			accounts.map(|account| account.data.free + account.data.reserved).sum::<Balance>(),
			issuance()
		);
		let ended = |id| hanse_runtime::Institutions::ensure_payable(id).is_err();
		let halted = hanse_runtime::Supervision::halts();
		for (counter, is_so) in [
			(&mut self.seen.on_lines, pallet_clearing::Positions::<Runtime>::count() > 0),
			(&mut self.seen.overdue, pallet_clearing::Overdue::<Runtime>::iter_keys().next().is_some()),
			(&mut self.seen.in_run_off, (1..=4).any(ended)),
			(&mut self.seen.minted, minted > 0),
			(&mut self.seen.burned, burned > 0),
			(&mut self.seen.halted, !halted.is_empty()),
		] {
			*counter += u32::from(is_so);
		}
	}

	fn member_calls(&mut self, institution: InstitutionId, call: Clear<Runtime>) {
		if institution <= 4 {
			self.call(member(institution), call);
		}
	}
}
