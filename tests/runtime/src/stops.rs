//! What stops what: every way of stopping something against everything that it could stop, each tried on the real
//! runtime. The table that comes of it is the one in `docs/what-stops-what.md`.

use crate::{alliance::*, chain::*};
use frame_support::{
	storage::{with_transaction, TransactionOutcome},
	traits::PalletsInfoAccess,
};
use hanse_primitives::{
	asset_id, Conduct as _, InstitutionId, MemberStatus, Members, OffenceKind, ProgramId, SuspensionCause,
};
use hanse_runtime::{
	constants::UNIT, AllPalletsWithSystem, Clearing, Conduct, Executive, Institutions, Points, Rulebook,
	Runtime, RuntimeCall, Timestamp,
};
use pallet_conduct::NoShareReason;
use pallet_points::{Period, Terms};
use pallet_rulebook::{CurrentRules, LatestVersion, Rules, Versions};
use pallet_supervision::Target;
use sp_keyring::Sr25519Keyring::{Eve, Ferdie};
use sp_runtime::{DispatchError, DispatchResult, MultiAddress};
use std::fs;

const DOCS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/what-stops-what.md");
/// Set to write the table anew.
const WRITE: &str = "HANSE_WRITE_STOPS";

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;

/// To whom it happens, a member that it pays at, one that grants it nothing, and all who can vote without it.
const MEMBER: InstitutionId = 1;
const PARTNER: InstitutionId = 2;
const OTHER: InstitutionId = 3;
const VOTERS: [InstitutionId; 4] = [2, 3, 4, 5];

type Act = fn(&Scene) -> DispatchResult;

/// What is done in each column: with the points of the member, or by it.
const ACTS: [(&str, Act); 11] = [
	("issue", |scene| scene.by(MEMBER, award(scene.points, 9))),
	("pay at home", |scene| scene.by_customer(payment(MEMBER, 10, UNIT, &[(scene.points, 100)]))),
	("pay at a partner", |scene| scene.by_customer(payment(PARTNER, 11, UNIT, &[(scene.points, 100)]))),
	("exchange", |scene| scene.by_customer(exchange(scene.points, 100, scene.of_partner))),
	("transfer", |scene| scene.by_customer(transfer(scene.points))),
	("give", |scene| {
		let (program, to) = (scene.points, account(Ferdie));
		scene.by_customer(pallet_points::Call::donate { program, to, amount: 1 }.into())
	}),
	("refund", |scene| scene.by(MEMBER, refund(&account(Eve), scene.paid, UNIT))),
	("vote", |_| {
		let call: RuntimeCall = pallet_safe_mode::Call::force_enter {}.into();
		propose(PARTNER, needed(&call), &call)?;
		vote(MEMBER, &call, true)
	}),
	("authority", |scene| {
		scene.by(MEMBER, pallet_authorities::Call::operate { on: false }.into())?;
		scene.by(MEMBER, pallet_authorities::Call::operate { on: true }.into())
	}),
	("top up", |scene| scene.by(MEMBER, pallet_clearing::Call::top_up { amount: UNIT }.into())),
	("draw down", |scene| scene.by(MEMBER, pallet_clearing::Call::draw_down { amount: 1 }.into())),
];

/// A way of stopping something.
struct Stop {
	name: &'static str,
	/// What leads to it, a day and more before the points would expire.
	early: Act,
	/// The stop itself, three minutes before.
	late: Act,
}

fn nothing(_: &Scene) -> DispatchResult {
	Ok(())
}

const fn at_once(name: &'static str, late: Act) -> Stop {
	Stop { name, early: nothing, late }
}

const fn by_and_by(name: &'static str, early: Act) -> Stop {
	Stop { name, early, late: nothing }
}

const STOPS: [Stop; 14] = [
	at_once("nothing", nothing),
	at_once("halt of a program", |scene| halted(Target::Program(scene.points))),
	at_once("halt of an institution's issuing", |_| halted(Target::Institution(MEMBER))),
	at_once("halt of a customer", |_| halted(Target::Customer(account(Eve)))),
	at_once("issuing stopped for an offence", |scene| {
		Conduct::record_offence(MEMBER, OffenceKind::OverdueFirst);
		scene.fill_bond()
	}),
	at_once("suspension", |_| Institutions::suspend(MEMBER, SuspensionCause::Conduct)),
	by_and_by("overdue", overdue),
	by_and_by("below the minimum reserve", short_of_reserve),
	at_once("leaving", |scene| scene.by(MEMBER, pallet_institutions::Call::leave {}.into())),
	at_once("run-off", |_| decide(&expel(MEMBER), &VOTERS)),
	at_once("safe mode with payments", |_| enter_safe_mode()),
	at_once("safe mode without payments", |_| {
		change_rules(|rules| rules.payments_in_safe_mode = 0);
		enter_safe_mode()
	}),
	at_once("pause of `Exchange.pay`", |_| pause("Exchange", "pay")),
	at_once("after the chain stood still", |_| stand_still(10 * MINUTE)),
];

/// A member whose points a customer holds.
struct Scene {
	points: ProgramId,
	of_partner: ProgramId,
	/// What the customer paid at the member with the partner's points.
	paid: hanse_primitives::Order,
	/// When the points expire if nothing stops their clock.
	expires: u64,
}

impl Scene {
	fn new() -> Self {
		change_rules(|rules| {
			(rules.exchange_age, rules.no_exchange) = (0, 0);
			rules.cycle = 30 * HOUR;
		});
		let terms = Terms { period: Period::Milliseconds(12 * HOUR), validity: DAY, ..TERMS };
		let [points, of_partner] = [MEMBER, PARTNER].map(|issuer| program(issuer, terms));
		enrol(MEMBER, Eve);
		for (issuer, program) in [(MEMBER, points), (PARTNER, of_partner)] {
			issue(issuer, program, &[account(Eve)], 10_000, u64::from(program));
		}
		let pay = payment(MEMBER, 5, UNIT, &[(of_partner, 100)]);
		dispatch(account(Eve), pay).unwrap();
		let expires = Points::portfolio(account(Eve), points).holdings[0].expires;
		Scene { points, of_partner, paid: order(5), expires }
	}

	fn by(&self, who: InstitutionId, call: RuntimeCall) -> DispatchResult {
		dispatch(member(who), call)
	}

	fn by_customer(&self, call: RuntimeCall) -> DispatchResult {
		dispatch(account(Eve), call)
	}

	/// What the fine took of the bond, so that nothing but the rest of the penalty counts.
	fn fill_bond(&self) -> DispatchResult {
		let amount = Rulebook::rules().admission_bond - Institutions::bond(MEMBER);
		self.by(MEMBER, pallet_institutions::Call::top_up_bond { amount }.into())
	}

	/// Whether the clock stands: the points are still good after they should have expired.
	fn clock(&self) -> &'static str {
		while Timestamp::get() < self.expires + MINUTE {
			stand_still(50_000).unwrap();
		}
		let holdings = Points::portfolio(account(Eve), self.points).holdings;
		if holdings.iter().any(|holding| holding.program == self.points) {
			"stands"
		} else {
			""
		}
	}
}

fn award(program: ProgramId, number: u64) -> RuntimeCall {
	let (to, amount) = (account(Eve), 1);
	pallet_points::Call::issue { program, to, amount, order: order(number) }.into()
}

fn transfer(program: ProgramId) -> RuntimeCall {
	let (id, target) = (asset_id(program, 0).into(), MultiAddress::Id(account(Ferdie)));
	pallet_assets::Call::transfer { id, target, amount: 1 }.into()
}

fn change_rules(change: impl Fn(&mut Rules)) {
	CurrentRules::<Runtime>::mutate(&change);
	Versions::<Runtime>::mutate_extant(LatestVersion::<Runtime>::get(), |version| change(&mut version.rules));
}

/// A supervisor halts it for a day.
fn halted(target: Target<hanse_runtime::AccountId>) -> DispatchResult {
	use pallet_supervision::{Call, Level, Scope};
	let (account, until) = (stranger(77), Timestamp::get() + 365 * DAY);
	let call =
		Call::appoint_supervisor { account: account.clone(), level: Level::Halt, scope: Scope::All, until };
	decide(&call.into(), &VOTERS)?;
	halt(&account, &target, DAY)
}

/// It owes more than it has, and a cycle ends.
fn overdue(scene: &Scene) -> DispatchResult {
	drain(MEMBER, 15 * UNIT);
	grant(PARTNER, MEMBER, 100 * UNIT);
	scene.by_customer(payment(PARTNER, 6, 30 * UNIT, &[(scene.points, 3_000)]))?;
	block_at(START + 30 * HOUR, vec![]);
	next_block();
	assert!(Clearing::positions(MEMBER).unwrap().overdue.is_some());
	scene.fill_bond()
}

/// Its customers spend so much of its reserve elsewhere that too little is left, and an era ends.
fn short_of_reserve(scene: &Scene) -> DispatchResult {
	drain(MEMBER, 10 * UNIT);
	scene.by_customer(payment(OTHER, 6, 5 * UNIT, &[(scene.points, 500)]))?;
	wait(DAY);
	assert!(pallet_points::Shortfalls::<Runtime>::contains_key(MEMBER));
	Ok(())
}

fn enter_safe_mode() -> DispatchResult {
	decide(&pallet_safe_mode::Call::force_enter {}.into(), &VOTERS)
}

fn pause(pallet: &str, call: &str) -> DispatchResult {
	let name = |text: &str| text.as_bytes().to_vec().try_into().unwrap();
	let full_name: pallet_tx_pause::RuntimeCallNameOf<Runtime> = (name(pallet), name(call));
	pallet_tx_pause::PausedCalls::<Runtime>::insert(full_name, ());
	Ok(())
}

/// The chain makes no block for so long, and then one.
fn stand_still(milliseconds: u64) -> DispatchResult {
	open_block_after_a_gap(Timestamp::get() + milliseconds);
	Executive::finalize_block();
	Ok(())
}

/// What an error is called, with its pallet.
fn name_of(error: DispatchError) -> String {
	match error {
		DispatchError::Module(module) => {
			let pallets = AllPalletsWithSystem::infos();
			let pallet = pallets.iter().find(|pallet| pallet.index == usize::from(module.index)).unwrap();
			format!("`{}.{}`", pallet.name, module.message.unwrap())
		},
		other => format!("`{}`", <&str>::from(other)),
	}
}

/// The cells of a stop.
fn cells(stop: &Stop) -> Vec<String> {
	let mut cells = Vec::new();
	run_on(alliance_of(5), || {
		let scene = Scene::new();
		(stop.early)(&scene).unwrap();
		block_at(scene.expires - 3 * MINUTE, vec![]);
		(stop.late)(&scene).unwrap();
		for (_, act) in ACTS {
			let outcome = with_transaction(|| TransactionOutcome::Rollback(act(&scene)));
			cells.push(outcome.err().map(name_of).unwrap_or_default());
		}
		cells.push(match Conduct::shares_this_era(MEMBER) {
			// None of its own receipts is old enough.
			Ok(()) | Err(NoShareReason::NoInterchangeFromReceipts) => String::new(),
			Err(reason) => format!("`{reason:?}`"),
		});
		cells.push(scene.clock().into());
	});
	cells
}

fn row(cells: impl Iterator<Item = String>) -> String {
	cells.fold("|".into(), |row, cell| format!("{row} {cell} |")) + "\n"
}

fn table() -> String {
	let columns = ACTS.iter().map(|(name, _)| *name).chain(["share in the pot", "clock"]);
	let head = row(["what"].into_iter().chain(columns).map(Into::into));
	let rule = format!("|{}\n", "---|".repeat(ACTS.len() + 3));
	let rows = STOPS.iter().map(|stop| row([stop.name.to_string()].into_iter().chain(cells(stop))));
	[head, rule].into_iter().chain(rows).collect()
}

#[test]
fn what_stops_what_is_what_the_docs_say() {
	const MARK: &str = "<!-- table -->\n";
	let docs = fs::read_to_string(DOCS).unwrap();
	let [before, written, after] = docs.split(MARK).collect::<Vec<_>>()[..] else {
		panic!("no place for it")
	};
	let found = table();
	if std::env::var_os(WRITE).is_some() {
		fs::write(DOCS, [before, &found, after].join(MARK)).unwrap();
		return;
	}
	for (found, written) in found.lines().zip(written.lines()) {
		assert_eq!(found, written);
	}
	assert_eq!(found.lines().count(), written.lines().count());
}
