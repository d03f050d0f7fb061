use super::mock::*;
use crate::{Error, Event, FlowsOf, LiabilityOf, Programs};
use codec::Encode;
use frame_support::{
	assert_noop, assert_ok,
	traits::fungibles::{metadata::Inspect as _, roles::Inspect as _},
};
use hanse_primitives::{MemberStatus as _, SuspensionCause};
use sp_core::H256;
use sp_runtime::{BoundedVec, DispatchError};

fn batch(awards: Vec<crate::Award<u64>>) -> sp_runtime::DispatchResult {
	let awards = BoundedVec::truncate_from(awards);
	Points::issue_batch(RuntimeOrigin::signed(1), 1, order(0).era, awards)
}

#[test]
fn issuing_mints_a_sufficient_asset_and_books_the_liability() {
	run(|| {
		program(ISSUER, TERMS);
		assert_ok!(issue(ISSUER, 1, ANN, 30));

		let asset = vintage(1, 0);
		assert_eq!(Assets::balance(asset, ANN), 30);
		assert_eq!(FlowsOf::<Test>::get(1).issued, 30);
		assert_eq!(LiabilityOf::<Test>::get(ISSUER).outstanding, 300);
		// The holder exists without any other token.
		assert_eq!(System::sufficients(&ANN), 1);
		assert_eq!(Assets::owner(asset), Some(Points::account_id()));
		System::assert_last_event(
			Event::PointsIssued {
				program: 1,
				asset,
				to: ANN,
				amount: 30,
				order: order(1_000_000).commitment,
				matures: None,
			}
			.into(),
		);
	});
}

#[test]
fn wallets_see_the_vintage_in_name_symbol_and_decimals() {
	run(|| {
		program(ISSUER, TERMS);
		assert_ok!(issue(ISSUER, 1, ANN, 1));
		block_at(START + PERIOD, false);
		assert_ok!(issue(ISSUER, 1, ANN, 1));
		assert_eq!(Assets::symbol(vintage(1, 0)), b"SKY-1");
		assert_eq!(Assets::symbol(vintage(1, 1)), b"SKY-2");
		assert_eq!(Assets::name(vintage(1, 1)), b"Sky Miles 2");
		assert_eq!(Assets::decimals(vintage(1, 1)), 2);
	});
}

#[test]
fn points_of_one_period_share_a_vintage_and_the_next_period_opens_another() {
	run(|| {
		program(ISSUER, TERMS);
		for (now, vintages) in
			[(START, 1), (START + PERIOD - 1, 1), (START + PERIOD, 2), (START + 3 * PERIOD - 1, 3)]
		{
			Timestamp::set_timestamp(now);
			assert_ok!(issue(ISSUER, 1, ANN, 1));
			assert_eq!(Programs::<Test>::get(1).unwrap().vintages.len(), vintages);
		}
		let expiries: Vec<_> =
			Programs::<Test>::get(1).unwrap().vintages.iter().map(|v| v.expires - START).collect();
		assert_eq!(expiries, vec![3 * PERIOD, 4 * PERIOD, 5 * PERIOD]);
	});
}

#[test]
fn orders_of_two_programs_do_not_meet() {
	run(|| {
		program(ISSUER, TERMS);
		program(RIVAL, TERMS);
		assert_ok!(Points::issue(RuntimeOrigin::signed(1), 1, ANN, 5, order(7)));
		assert_ok!(Points::issue(RuntimeOrigin::signed(2), 2, ANN, 5, order(7)));
	});
}

#[test]
fn a_batch_issues_all_its_awards() {
	run(|| {
		program(ISSUER, TERMS);
		let awards = vec![award(ANN, 3, 1), award(BEN, 4, 2), award(ANN, 5, 3)];
		let batch_hash = H256(sp_io::hashing::blake2_256(&awards.encode()));
		assert_ok!(batch(awards));
		assert_eq!((Assets::balance(vintage(1, 0), ANN), Assets::balance(vintage(1, 0), BEN)), (8, 4));
		assert_eq!(FlowsOf::<Test>::get(1).issued, 12);
		let asset = vintage(1, 0);
		System::assert_last_event(
			Event::BatchIssued { program: 1, asset, batch: batch_hash, awards: 3, amount: 12, matures: None }
				.into(),
		);
	});
}

#[test]
fn a_batch_with_one_bad_award_issues_none() {
	run(|| {
		program(ISSUER, TERMS);
		assert_ok!(batch(vec![award(ANN, 3, 1)]));
		assert_noop!(batch(vec![]), Error::<Test>::NoAwards);
		assert_noop!(batch(vec![award(BEN, 4, 2), award(ANN, 0, 3)]), Error::<Test>::BadAward(1));
		// Also if its order was served, and at every place.
		assert_noop!(batch(vec![award(ANN, 0, 1), award(BEN, 4, 2)]), Error::<Test>::BadAward(0));
		assert_noop!(batch(vec![award(BEN, 1, 2), award(ANN, u128::MAX, 3)]), Error::<Test>::BadAward(1));
		let mut many: Vec<_> = (10..510).map(|n| award(ANN, 1, n)).collect();
		many[499].amount = 0;
		assert_noop!(batch(many), Error::<Test>::BadAward(499));
	});
}

#[test]
fn bad_input_is_refused_by_name() {
	run(|| {
		program(ISSUER, TERMS);
		let issue =
			|who, program, amount| Points::issue(RuntimeOrigin::signed(who), program, ANN, amount, order(1));
		assert_noop!(issue(1, 9, 1), Error::<Test>::NotFound);
		assert_noop!(issue(2, 1, 1), Error::<Test>::NotIssuer);
		assert_noop!(issue(ANN, 1, 1), DispatchError::BadOrigin);
		assert_noop!(issue(1, 1, 0), Error::<Test>::ZeroAmount);
		assert_noop!(issue(1, 1, u128::MAX), Error::<Test>::OverLiabilityCap);
		assert_ok!(Institutions::suspend(1, SuspensionCause::Conduct));
		assert_noop!(issue(1, 1, 1), pallet_institutions::Error::<Test>::NotActive);
	});
}

#[test]
fn the_liability_cap_is_reached_to_the_unit_and_not_passed() {
	run(|| {
		program(ISSUER, TERMS);
		assert_noop!(issue(ISSUER, 1, ANN, CAP / 10 + 1), Error::<Test>::OverLiabilityCap);
		assert_ok!(issue(ISSUER, 1, ANN, CAP / 10));
		assert_noop!(issue(ISSUER, 1, ANN, 1), Error::<Test>::OverLiabilityCap);
		// A second program does not open a second cap.
		program(ISSUER, crate::Terms { face_value: 1, ..TERMS });
		assert_noop!(issue(ISSUER, 2, ANN, 1), Error::<Test>::OverLiabilityCap);
		// More reserve, more points.
		Reserves::set([(ISSUER, RESERVE + 5)].into());
		assert_ok!(issue(ISSUER, 1, ANN, 1));
	});
}

#[test]
fn the_minimum_reserve_stands_behind_points_to_the_unit() {
	run(|| {
		program(ISSUER, TERMS);
		Reserves::set([(ISSUER, 49)].into());
		assert_noop!(issue(ISSUER, 1, ANN, 50), Error::<Test>::BelowMinimumReserve);
		assert_ok!(issue(ISSUER, 1, ANN, 49));
		use hanse_primitives::Liabilities;
		assert_ok!(Points::ensure_backed(ISSUER, BOND, 49));
		assert_noop!(Points::ensure_backed(ISSUER, BOND, 48), Error::<Test>::BelowMinimumReserve);
		assert_noop!(Points::ensure_backed(ISSUER, 195, 49), Error::<Test>::OverLiabilityCap);
	});
}

#[test]
fn at_most_eight_vintages_are_open() {
	run(|| {
		program(ISSUER, crate::Terms { validity: 6 * PERIOD, ..TERMS });
		// A chain that books nothing: without it, at most seven live and one is due.
		for period in 0..8 {
			Timestamp::set_timestamp(START + period * PERIOD);
			assert_ok!(issue(ISSUER, 1, ANN, 1));
		}
		// The ninth goes into the eighth, which lasts longer instead.
		Timestamp::set_timestamp(START + 8 * PERIOD);
		assert_ok!(issue(ISSUER, 1, ANN, 1));
		let expires = START + 15 * PERIOD;
		let event = Event::VintageProlonged { program: 1, asset: vintage(1, 7), expires };
		System::assert_has_event(event.into());
		assert_eq!(Assets::balance(vintage(1, 7), ANN), 2);
		assert_ok!(Points::do_try_state());
		// Unless it promised another value.
		let terms = crate::Terms { face_value: 3, validity: 6 * PERIOD, ..TERMS };
		assert_ok!(Points::revise_terms(RuntimeOrigin::signed(1), 1, terms));
		Timestamp::set_timestamp(START + 9 * PERIOD);
		assert_noop!(issue(ISSUER, 1, ANN, 1), Error::<Test>::MaxVintagesExceeded);
		for _ in 0..2 {
			block_at(START + 9 * PERIOD, false);
		}
		assert_ok!(issue(ISSUER, 1, ANN, 1));
	});
}

#[test]
fn a_program_that_used_up_its_vintages_says_so() {
	run(|| {
		program(ISSUER, TERMS);
		Programs::<Test>::mutate(1, |program| program.as_mut().unwrap().opened = 65_536);
		assert_noop!(issue(ISSUER, 1, ANN, 1), Error::<Test>::MaxVintagesExceeded);
	});
}
