//! Members: their money, who belongs, and what they decide together.

use super::{record::Record, world::World};
use crate::{alliance::*, chain::*};
use hanse_primitives::Balance;
use hanse_runtime::{Clearing, Rulebook, Runtime, RuntimeCall};
use pallet_clearing::{Call as Clear, DepositReports, DepositRole, Payouts};
use pallet_conduct::{FineId, OffenceLog};
use pallet_institutions::Call as Members;
use pallet_rulebook::{Call as Rules, Rule};
use pallet_supervision::Call as Supervise;
use sp_core::H256;
use sp_keyring::Sr25519Keyring::{One, Two};
use sp_runtime::MultiAddress;

pub fn top_up(world: &mut World, record: Record) {
	world.call(record, world.institution(record.who()), Clear::top_up { amount: record.amount() });
}

/// A part of the free reserve, often all but a little.
pub fn draw_down(world: &mut World, record: Record) {
	let free = Clearing::positions(world.id(record.who())).map_or(0, |account| account.free_reserve);
	let amount = match record.to() % 4 {
		0 => record.amount(),
		_ => free.saturating_sub(record.amount()),
	};
	world.call(record, world.institution(record.who()), Clear::draw_down { amount });
}

pub fn grant_credit_line(world: &mut World, record: Record) {
	let (creditor, debtor, limit) = (world.institution(record.who()), world.id(record.to()), record.amount());
	world.call(record, creditor, Clear::grant_credit_line { debtor, limit });
	if !record.other().is_multiple_of(8) {
		let (debtor, creditor) = (world.institution(record.to()), world.id(record.who()));
		world.call(record, debtor, Clear::accept_credit_line { creditor, limit });
	}
}

pub fn report_deposit(world: &mut World, record: Record) {
	let (institution, amount, reference) =
		(world.id(record.who()), record.amount(), H256::from_low_u64_be(record.number()));
	world.call(record, account(One), Clear::report_deposit { institution, amount, reference });
	if !record.to().is_multiple_of(4) {
		world.call(record, account(Two), Clear::confirm_deposit { reference });
	}
}

pub fn confirm_deposit(world: &mut World, record: Record) {
	let Some(reference) = DepositReports::<Runtime>::iter_keys().nth(record.who() % 4) else { return };
	world.call(record, account(Two), Clear::confirm_deposit { reference });
}

pub fn attest_deposits(world: &mut World, record: Record) {
	let total = pallet_balances::TotalIssuance::<Runtime>::get() + Balance::from(record.to() == 0);
	for role in [One, Two] {
		world.call(record, account(role), Clear::attest_deposits { total });
	}
}

pub fn request_payout(world: &mut World, record: Record) {
	world.call(record, world.institution(record.who()), Clear::request_payout { amount: record.amount() });
}

pub fn end_payout(world: &mut World, record: Record) {
	let open = Payouts::<Runtime>::iter_keys().nth(record.who() % 4);
	let institution = open.unwrap_or_else(|| world.id(record.who()));
	let (by, call) = match record.to() % 2 {
		0 => (account(One), Clear::complete_payout { institution }),
		_ => (world.anybody(record.other()), Clear::cancel_payout { institution }),
	};
	world.call(record, by, call);
}

pub fn send_money(world: &mut World, record: Record) {
	let (from, dest) = (world.anybody(record.who()), MultiAddress::Id(world.anybody(record.to())));
	let value = record.amount();
	let call = match record.other() % 3 {
		0 => pallet_balances::Call::transfer_allow_death { dest, value },
		1 => pallet_balances::Call::transfer_keep_alive { dest, value },
		_ => pallet_balances::Call::transfer_all { dest, keep_alive: value.is_multiple_of(2) },
	};
	world.call(record, from, call);
}

pub fn apply(world: &mut World, record: Record) {
	let profile = profile(&format!("Institution {}", record.to() % 8));
	world.call(record, world.institution(record.who()), Members::apply { profile });
}

pub fn withdraw_application(world: &mut World, record: Record) {
	world.call(record, world.institution(record.who()), Members::withdraw_application {});
}

pub fn update_profile(world: &mut World, record: Record) {
	let profile = profile(&format!("Institution {}", record.to()));
	world.call(record, world.institution(record.who()), Members::update_profile { profile });
}

pub fn top_up_bond(world: &mut World, record: Record) {
	world.call(record, world.institution(record.who()), Members::top_up_bond { amount: record.amount() });
}

pub fn leave(world: &mut World, record: Record) {
	world.call(record, world.institution(record.who()), Members::leave {});
}

pub fn close(world: &mut World, record: Record) {
	let institution = world.id(record.to());
	world.call(record, world.anybody(record.who()), Members::close { institution });
}

pub fn set_keys(world: &mut World, record: Record) {
	let (keys, proof) = world.session_keys(record.to());
	let who = world.institution(if record.other() > 16 { record.to() } else { record.who() });
	world.call(record, who, pallet_session::Call::set_keys { keys, proof });
}

pub fn operate(world: &mut World, record: Record) {
	let on = !record.to().is_multiple_of(4);
	world.call(record, world.institution(record.who()), pallet_authorities::Call::operate { on });
}

/// What may be put to a vote.
fn decision(world: &World, record: Record) -> RuntimeCall {
	let (institution, number) = (world.id(record.who()), u64::from(record.bytes()[3]));
	match record.to() % 24 {
		0..=3 => Members::admit { institution }.into(),
		4 => Members::reject { institution }.into(),
		5 => Members::expel { institution }.into(),
		6..=8 => amendment(record),
		9 => Rules::retract { decision: number as u32 % 8 }.into(),
		10 => Rules::enact { call: Box::new(enactable(world, record)) }.into(),
		11 | 12 => supervisor_of(world, record),
		13 => Supervise::dismiss_supervisor { account: world.watch() }.into(),
		14 => Supervise::ratify_halt { target: super::watching::target(world, record) }.into(),
		15 => Supervise::lift_halt { target: super::watching::target(world, record) }.into(),
		16 | 17 => {
			pallet_conduct::Call::uphold_complaint { merchant: institution, number: number % 8 }.into()
		},
		18 => {
			let log = OffenceLog::<Runtime>::get(institution);
			let fine = log.iter().filter_map(|entry| entry.fine).nth(number as usize % 4);
			let fine = FineId { member: institution, number: fine.unwrap_or_default() };
			pallet_conduct::Call::reverse_fine { fine }.into()
		},
		19 => role(world, record),
		20 => restart(),
		21 => pallet_safe_mode::Call::force_enter {}.into(),
		22 => pallet_safe_mode::Call::force_exit {}.into(),
		_ => pallet_safe_mode::Call::force_extend {}.into(),
	}
}

/// A rule by a little more or less.
fn amendment(record: Record) -> RuntimeCall {
	let all = Rule::all().count();
	let rule = Rule::all().nth(record.number() as usize % all).unwrap_or(Rule::AdmissionBond);
	let now = Rulebook::rules().get(rule);
	let percent = 75 + Balance::from(record.bytes()[5]) % 51;
	amend(rule, now.saturating_mul(percent).div_ceil(100))
}

fn role(world: &World, record: Record) -> RuntimeCall {
	let role = if record.bytes()[3].is_multiple_of(2) { DepositRole::Agent } else { DepositRole::Auditor };
	let account = if record.bytes()[3] % 4 < 2 { world.watch() } else { account(One) };
	Clear::appoint_deposit_role { role, account }.into()
}

fn enactable(world: &World, record: Record) -> RuntimeCall {
	match record.bytes()[3] % 3 {
		0 => role(world, record),
		1 => frame_system::Call::authorize_upgrade { code_hash: H256::zero() }.into(),
		_ => frame_system::Call::remark { remark: vec![] }.into(),
	}
}

fn supervisor_of(world: &World, record: Record) -> RuntimeCall {
	use pallet_supervision::{Level, Scope};
	let [.., level, scope, days, _] = record.bytes();
	let level = [Level::Observe, Level::Attest, Level::Halt][usize::from(level % 3)];
	let scope = match scope % 3 {
		0 => Scope::All,
		1 => Scope::Institution(world.id(scope.into())),
		_ => Scope::Program(world.program(scope.into())),
	};
	let until = hanse_runtime::Timestamp::get() + (1 + u64::from(days)) * DAY;
	Supervise::appoint_supervisor { account: world.watch(), level, scope, until }.into()
}

/// A motion is made, voted about by those whose bit is set, mostly all, and closed.
pub fn decide_together(world: &mut World, record: Record) {
	let call = decision(world, record);
	let Some(needed) = majority_for(&call) else { return };
	let ayes = if record.way() < 192 { 0b111_1111 } else { record.other() };
	let voters: Vec<_> =
		(0..7).filter(|who| ayes & (1 << who) != 0).map(|who| world.institution(who)).collect();
	let Some(first) = voters.first().cloned() else { return };
	world.dispatch(first.clone(), motion(needed.ayes, &call));
	for (nth, who) in voters.into_iter().enumerate() {
		let approve = record.way() < 240 || nth > 0;
		world.dispatch(who, ballot(&call, approve));
	}
	if !record.way().is_multiple_of(16) {
		world.dispatch(first, closing(&call));
	}
}

/// What becomes of an open motion, or of what was held for one.
pub fn end_motion(world: &mut World, record: Record) {
	use pallet_collective::Call;
	let who = world.institution(record.who());
	let open = pallet_collective::Proposals::<Runtime>::get();
	let held = pallet_collective::CostOf::<Runtime>::iter_keys().nth(record.to() % 4);
	let nth = open.get(record.to() % open.len().max(1)).copied();
	let Some(proposal_hash) = nth.filter(|_| !record.other().is_multiple_of(4)).or(held) else { return };
	match record.other() / 4 % 4 {
		0 => world.call(record, who, Call::release_proposal_cost { proposal_hash }),
		1 => world.call(record, who, Call::disapprove_proposal { proposal_hash }),
		2 => world.call(record, who, Rules::renew { motion: proposal_hash }),
		_ => {
			let call = pallet_collective::ProposalOf::<Runtime>::get(proposal_hash);
			if let Some(call) = call {
				world.call(record, who, closing(&call.0));
			}
		},
	}
}
