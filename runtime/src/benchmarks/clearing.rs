//! Money between members, calls alone; settlements are in [`super::settlement`].

use super::{rulebook, system as frame_system, world::*, Config};
use crate::*;
use core::marker::PhantomData;
use frame_benchmarking::v2::*;
use hanse_primitives::{Money, UNIT};
use pallet_clearing::{
	Call, CreditLines, DepositReports, DepositRole, IssuanceTotals, LastAttested, Payouts, RoleHolders,
	MAX_CREDIT_LINES,
};
use sp_core::H256;

pub struct Pallet<T: Config>(PhantomData<T>);

const REFERENCE: H256 = H256::repeat_byte(1);

/// The agent and the auditor are the first two of those with money.
fn with_roles() -> Prepared {
	begin()?;
	RoleHolders::<Runtime>::insert(DepositRole::Agent, rich(0));
	RoleHolders::<Runtime>::insert(DepositRole::Auditor, rich(1));
	Ok(())
}

/// An issuer with points outstanding, debts on a line, and money that came for its points.
fn with_debts() -> Prepared {
	with_roles()?;
	let customer = Wallet::new(1);
	customer.register(200, 1)?;
	let programs = holdings(&[ISSUER, ISSUER + 1], &[customer.account.clone()], 100)?;
	grant(MERCHANT, ISSUER, UNIT)?;
	let legs = frame_support::BoundedVec::truncate_from(alloc::vec![pallet_exchange::Leg {
		program: programs[0],
		max_points: 100,
	}]);
	let pay = pallet_exchange::Call::pay { merchant: MERCHANT, order: order(1), price: UNIT / 2, legs };
	send(&customer.account, pay)?;
	let exchange =
		pallet_exchange::Call::exchange { from: programs[1], amount: 10, to: programs[0], min_out: 0 };
	send(&customer.account, exchange)
}

fn report() -> Prepared {
	let (institution, amount, reference) = (ISSUER, UNIT, REFERENCE);
	send(&rich(0), Call::report_deposit { institution, amount, reference })
}

fn reserve() -> Money {
	use hanse_primitives::Reserves;
	Clearing::reserve(ISSUER)
}

#[benchmarks]
mod measured {
	use super::*;

	#[benchmark]
	fn top_up() -> Result<(), BenchmarkError> {
		begin()?;
		let before = reserve();
		#[block]
		{
			send(&member(ISSUER), Call::top_up { amount: UNIT })?;
		}
		ensure(reserve() == before + UNIT, "topped up")?;
		Ok(())
	}

	#[benchmark]
	fn draw_down() -> Result<(), BenchmarkError> {
		with_debts()?;
		let before = reserve();
		#[block]
		{
			send(&member(ISSUER), Call::draw_down { amount: UNIT })?;
		}
		ensure(reserve() == before - UNIT, "drawn down")?;
		Ok(())
	}

	/// Beside all others but one that it can grant.
	#[benchmark]
	fn grant_credit_line() -> Result<(), BenchmarkError> {
		begin()?;
		for debtor in 0..MAX_CREDIT_LINES - 1 {
			grant(MERCHANT, 10 + debtor, UNIT)?;
		}
		#[block]
		{
			send(&member(MERCHANT), Call::grant_credit_line { debtor: ISSUER, limit: UNIT })?;
		}
		ensure(CreditLines::<Runtime>::contains_key(MERCHANT, ISSUER), "granted")?;
		Ok(())
	}

	#[benchmark]
	fn accept_credit_line() -> Result<(), BenchmarkError> {
		begin()?;
		send(&member(MERCHANT), Call::grant_credit_line { debtor: ISSUER, limit: UNIT })?;
		#[block]
		{
			send(&member(ISSUER), Call::accept_credit_line { creditor: MERCHANT, limit: UNIT })?;
		}
		let accepted = CreditLines::<Runtime>::get(MERCHANT, ISSUER).map(|line| line.accepted);
		ensure(accepted == Some(UNIT), "accepted")?;
		Ok(())
	}

	#[benchmark]
	fn report_deposit() -> Result<(), BenchmarkError> {
		with_roles()?;
		#[block]
		{
			report()?;
		}
		ensure(DepositReports::<Runtime>::contains_key(REFERENCE), "reported")?;
		Ok(())
	}

	#[benchmark]
	fn confirm_deposit() -> Result<(), BenchmarkError> {
		with_roles()?;
		report()?;
		#[block]
		{
			send(&rich(1), Call::confirm_deposit { reference: REFERENCE })?;
		}
		ensure(IssuanceTotals::<Runtime>::get().minted == UNIT, "confirmed")?;
		Ok(())
	}

	#[benchmark]
	fn attest_deposits() -> Result<(), BenchmarkError> {
		with_roles()?;
		pallet_clearing::CurrentCycle::<Runtime>::mutate(|cycle| cycle.index = 1);
		let total = pallet_balances::TotalIssuance::<Runtime>::get();
		#[block]
		{
			send(&rich(1), Call::attest_deposits { total })?;
		}
		ensure(LastAttested::<Runtime>::get().auditor == 1, "attested")?;
		Ok(())
	}

	#[benchmark]
	fn request_payout() -> Result<(), BenchmarkError> {
		with_debts()?;
		#[block]
		{
			send(&member(ISSUER), Call::request_payout { amount: UNIT })?;
		}
		ensure(Payouts::<Runtime>::contains_key(ISSUER), "requested")?;
		Ok(())
	}

	/// By the agent, which burns what was locked.
	#[benchmark]
	fn end_payout() -> Result<(), BenchmarkError> {
		with_roles()?;
		send(&member(ISSUER), Call::request_payout { amount: UNIT })?;
		#[block]
		{
			send(&rich(0), Call::complete_payout { institution: ISSUER })?;
		}
		ensure(!Payouts::<Runtime>::contains_key(ISSUER), "ended")?;
		Ok(())
	}

	/// To be announced, beside as many decisions as can wait.
	#[benchmark]
	fn appoint_deposit_role() -> Result<(), BenchmarkError> {
		with_roles()?;
		rulebook::fill_agenda(1)?;
		let (role, account) = (DepositRole::Agent, rich(2));
		#[block]
		{
			from(members(), Call::appoint_deposit_role { role, account })?;
		}
		ensure(rulebook::waiting() == pallet_rulebook::MAX_DECISIONS, "announced")?;
		Ok(())
	}
}
