//! What members could try who want others' money. Each test is one way, tried by Books alone and by Books and
//! the inn together, with customers of theirs: they gain nothing by it, and neither the pot nor anybody else
//! loses.

mod backing;
mod circles;

use crate::{chain::*, wallet::*};
use frame_support::{assert_ok, traits::fungible::Inspect as _};
use hanse_primitives::{
	Balance, InstitutionId, Liabilities as _, Members as _, Order, ProgramId, Reserves as _,
};
use hanse_runtime::{
	constants::{CENT, UNIT},
	Balances, Clearing, Institutions, Points, Rulebook, Runtime, RuntimeCall, Timestamp,
};
use pallet_clearing::Call as Clear;
use pallet_points::{LiabilityOf, Programs, Terms};
use sp_runtime::{DispatchError, DispatchResult};

const INN: InstitutionId = 3;
const STORE: InstitutionId = 4;
/// The face value and the decimals of the points of each member; its program has its number.
const FACES: [(u32, u8); 4] = [(10_000, 0), (2_500, 2), (7, 6), (1, 6)];
/// What each customer holds of every program, in micro-units.
const HELD: Balance = 500 * UNIT;

fn program_of(member: InstitutionId) -> ProgramId {
	member as ProgramId
}

fn issue_worth(issuer: InstitutionId, to: &Wallet, value: Balance, order: u64) {
	let amount = value / Balance::from(FACES[issuer as usize - 1].0);
	issue(issuer, program_of(issuer), &[to.account()], amount, order);
}

fn tried(who: InstitutionId, call: impl Into<RuntimeCall>) -> DispatchResult {
	dispatch(member(who), call)
}

fn error<E: Into<DispatchError>>(error: E) -> DispatchResult {
	Err(error.into())
}

/// What members and people have together, in micro-units: money, free and held, points, and what members are
/// owed on lines, less what they owe: to the holders of their points, on lines and to the pot.
fn wealth(members: &[InstitutionId], people: &[&Wallet]) -> i128 {
	let accounts = members.iter().map(|id| member(*id)).chain(people.iter().map(|wallet| wallet.account()));
	let owned: Balance = accounts.map(|who| Balances::total_balance(&who) + worth(&who)).sum();
	let owed = members.iter().map(|id| {
		let account = Clearing::positions(*id).unwrap();
		let on_lines: i128 = account.positions.iter().map(|p| p.is_owed as i128 - p.owes as i128).sum();
		on_lines - account.accrued as i128 - Points::payable(*id) as i128
	});
	owned as i128 + owed.sum::<i128>()
}

/// Members who attack, with customers of theirs, and what everybody had before.
struct Attack {
	members: Vec<InstitutionId>,
	ann: Wallet,
	ben: Wallet,
	/// A customer who has nothing to do with it.
	cai: Wallet,
	before: [i128; 3],
}

impl Attack {
	fn begin(members: &[InstitutionId]) -> Self {
		let [ann, ben, cai] = [1, 2, 3].map(Wallet::new);
		for (issuer, (face_value, decimals)) in (1..).zip(FACES) {
			program(issuer, Terms { face_value, decimals, ..TERMS });
			[&ann, &cai].into_iter().zip(1..).for_each(|(to, order)| issue_worth(issuer, to, HELD, order));
		}
		[&ann, &ben, &cai].into_iter().zip(1..).for_each(|(wallet, tag)| register(AIR, wallet, tag));
		next_block();
		let members = members.to_vec();
		let mut attack = Attack { members, ann, ben, cai, before: [0; 3] };
		attack.before = attack.standing();
		attack
	}

	/// The other one, if there is one.
	fn partner(&self) -> InstitutionId {
		self.members[self.members.len() - 1]
	}

	fn are_two(&self) -> bool {
		self.members.len() == 2
	}

	/// What the attackers have, with what they bought from others; what all others have; and the pot, with
	/// what is on its way there.
	fn standing(&self) -> [i128; 3] {
		let (theirs, others): (Vec<_>, Vec<_>) = (1..=4).partition(|id| self.members.contains(id));
		let bought: Balance = pallet_exchange::Receipts::<Runtime>::iter()
			.filter(|(key, _)| {
				let is_theirs = [&self.ann, &self.ben].map(Wallet::account).contains(&key.payer);
				others.contains(&key.merchant) && is_theirs
			})
			.map(|(_, receipt)| receipt.price - receipt.refunded)
			.sum();
		let accrued: Balance =
			pallet_clearing::Encumbrances::<Runtime>::iter_values().map(|c| c.accrued).sum();
		[
			wealth(&theirs, &[&self.ann, &self.ben]) + bought as i128,
			wealth(&others, &[&self.cai]),
			(pot() + accrued) as i128,
		]
	}

	/// What the attackers lost, after making sure that nobody else did.
	fn cost(&self) -> i128 {
		let now = self.standing();
		let (before, after) = (self.before, now);
		assert!(now[0] <= before[0], "a gain: {before:?} {after:?}");
		assert!(now[1] >= before[1] && now[2] >= before[2], "a loss of others: {before:?} {after:?}");
		before[0] - now[0]
	}

	/// Ann pays at `merchant` with the points of `issuer`.
	fn try_pay(
		&self,
		issuer: InstitutionId,
		merchant: InstitutionId,
		number: u64,
		price: Balance,
	) -> DispatchResult {
		let call = payment(merchant, number, price, &[(program_of(issuer), Balance::MAX)]);
		dispatch(self.ann.account(), call)
	}

	/// She does, and the order.
	fn pay(&self, issuer: InstitutionId, merchant: InstitutionId, number: u64, price: Balance) -> Order {
		assert_ok!(self.try_pay(issuer, merchant, number, price));
		order(number)
	}

	/// Another `value` of what she paid.
	fn refund(&self, merchant: InstitutionId, order: Order, value: Balance) -> DispatchResult {
		let receipt = hanse_runtime::Exchange::receipt(merchant, self.ann.account(), order);
		let total = receipt.map_or(0, |receipt| receipt.refunded) + value;
		tried(merchant, refund(&self.ann.account(), order, total))
	}

	fn exchange(&self, from: InstitutionId, amount: Balance, to: InstitutionId) -> DispatchResult {
		let call = exchange(program_of(from), amount, program_of(to));
		dispatch(self.ann.account(), call)
	}

	fn held(&self, issuer: InstitutionId) -> Balance {
		let holdings = Points::portfolio(self.ann.account(), 1).holdings.into_iter();
		holdings.filter(|h| h.program == program_of(issuer)).map(|h| h.amount).sum()
	}
}

/// Tries the same alone and together.
fn by_one_and_by_two(attack: impl Fn(Attack)) {
	run(|| attack(Attack::begin(&[BOOKS])));
	run(|| attack(Attack::begin(&[BOOKS, INN])));
}

fn interchange_of(value: Balance) -> i128 {
	(value * Balance::from(Rulebook::rules().interchange)).div_ceil(1_000_000) as i128
}

/// Blocks at `at` and after it.
fn go_to(at: u64) {
	block_at(at, vec![]);
	next_block();
}

fn go_on(milliseconds: u64) {
	go_to(Timestamp::get() + milliseconds);
}

fn end_cycle() {
	go_on(Rulebook::rules().cycle);
}

/// Until after the last day of the refund window of what is paid now.
fn end_refund_window() {
	go_on((u64::from(Rulebook::rules().refund_window) + 1) * DAY);
}

/// When the oldest points of every program expire.
fn expiry() -> u64 {
	Programs::<Runtime>::get(1).unwrap().vintages[0].expires
}
