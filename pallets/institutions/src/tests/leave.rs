use super::mock::*;
use crate::{Error, Status};
use frame_support::{assert_noop, assert_ok};
use hanse_primitives::{MemberStatus, Members, SuspensionCause};
use sp_runtime::DispatchResult;

fn leave(account: u64) -> DispatchResult {
	Institutions::leave(RuntimeOrigin::signed(account))
}

/// By anybody: account 20 is no member.
fn close(id: u32) -> DispatchResult {
	Institutions::close(RuntimeOrigin::signed(20), id)
}

#[test]
fn a_leaver_loses_its_vote_at_once_and_its_bond_is_free_after_the_refund_window() {
	run(|| {
		assert_ok!(leave(4));
		assert_eq!(status(4), Status::Leaving { until: 10 + WINDOW });
		assert_eq!(electorate(), [1, 2, 3]);
		turn(WINDOW);
		assert_noop!(close(4), Error::<Test>::RefundWindowOpen);
		turn(1);
		assert_ok!(close(4));
		assert_eq!((status(4), bond_held(4), Balances::free_balance(4)), (Status::Left, 0, MONEY));
		assert_eq!((Institutions::id_of(&4), Retired::get()), (None, vec![4]));
		assert_noop!(close(4), Error::<Test>::WrongStatus);
		// Account and name can begin anew, as another institution.
		assert_eq!(join(4, "Danzig Store"), 5);
	});
}

#[test]
fn an_authority_that_cannot_be_done_without_does_not_leave() {
	run(|| {
		Indispensable::set([4].into());
		assert_noop!(
			frame_support::storage::with_storage_layer(|| leave(4)),
			sp_runtime::DispatchError::Other("TooFewAuthorities")
		);
		assert_ok!(leave(3));
	});
}

#[test]
fn a_suspended_member_does_not_leave_until_it_is_reinstated() {
	run(|| {
		assert_ok!(Institutions::suspend(4, SuspensionCause::Conduct));
		assert_noop!(leave(4), Error::<Test>::WrongStatus);
		assert_ok!(Institutions::reinstate(4, SuspensionCause::Conduct));
		assert_ok!(leave(4));
	});
}

#[test]
fn nobody_leaves_whose_reserve_does_not_cover_all_its_points() {
	run(|| {
		Outstanding::set([(4, 300)].into());
		Reserves::set([(4, 299)].into());
		assert_noop!(
			frame_support::storage::with_storage_layer(|| leave(4)),
			Error::<Test>::PointsOutstanding
		);
		Reserves::set([(4, 300)].into());
		assert_ok!(leave(4));
		assert_eq!(Closed::get(), [4]);
	});
}

#[test]
fn nobody_closes_while_its_bond_answers_for_debts() {
	run(|| {
		assert_ok!(leave(4));
		turn(WINDOW + 1);
		BondDebts::set([(4, 1)].into());
		assert_noop!(close(4), Error::<Test>::DebtsOpen);
		// Not with an estate either.
		Outstanding::set([(4, 300)].into());
		Reserves::set([(4, 300)].into());
		assert_noop!(close(4), Error::<Test>::DebtsOpen);
		BondDebts::set([].into());
		assert_ok!(close(4));
		assert_eq!((bond_held(4), Reserves::get()[&4]), (0, 300));
	});
}

#[test]
fn books_are_open_until_a_run_off_or_the_end() {
	run(|| {
		assert_ok!(Institutions::suspend(1, SuspensionCause::Conduct));
		assert_ok!(Institutions::leave(RuntimeOrigin::signed(2)));
		assert_ok!(Institutions::ensure_books_open(1));
		assert_ok!(Institutions::ensure_books_open(2));
		assert_ok!(Institutions::start_run_off(3));
		assert_noop!(Institutions::ensure_books_open(3), Error::<Test>::BooksClosed);
		turn(WINDOW + 1);
		assert_ok!(close(2));
		assert_noop!(Institutions::ensure_books_open(2), Error::<Test>::BooksClosed);
		assert_noop!(Institutions::ensure_books_open(9), Error::<Test>::NotFound);
	});
}

#[test]
fn a_reserve_that_covers_the_points_stays_behind_as_an_estate() {
	run(|| {
		assert_ok!(leave(4));
		Outstanding::set([(4, 300)].into());
		Reserves::set([(4, 400)].into());
		turn(WINDOW + 1);
		assert_ok!(close(4));
		// The bond is free, the reserve and the account are not.
		assert_eq!((status(4), bond_held(4)), (Status::Left, 0));
		assert_eq!((Reserves::get()[&4], Institutions::id_of(&4)), (400, Some(4)));
		assert_noop!(apply(4, "Danzig Two"), Error::<Test>::AlreadyExists);
		assert_noop!(close(4), Error::<Test>::PointsOutstanding);
		// Its place and its name are free.
		assert_eq!(crate::MemberCount::<Test>::get(), 3);
		join(5, "Danzig Store");

		Outstanding::set([].into());
		assert_ok!(close(4));
		assert_eq!((Reserves::get().get(&4), Institutions::id_of(&4)), (None, None));
		assert_noop!(close(4), Error::<Test>::WrongStatus);
	});
}

#[test]
fn an_expelled_member_closes_when_its_points_are_gone_and_leaves_no_estate() {
	run(|| {
		assert_ok!(Institutions::expel(RuntimeOrigin::root(), 4));
		assert_eq!(status(4), Status::RunOff { until: 10 + WINDOW });
		assert_eq!((electorate(), Fixed::get()), (vec![1, 2, 3], vec![4]));
		Outstanding::set([(4, 300)].into());
		Reserves::set([(4, 400)].into());
		assert_noop!(close(4), Error::<Test>::RefundWindowOpen);
		turn(WINDOW + 1);
		assert_noop!(close(4), Error::<Test>::PointsOutstanding);
		Outstanding::set([].into());
		Accused::set(vec![4]);
		assert_noop!(close(4), sp_runtime::DispatchError::Other("CaseOpen"));
		Accused::set(vec![]);
		assert_ok!(close(4));
		assert_eq!((status(4), bond_held(4), Reserves::get().len()), (Status::Left, 0, 0));
	});
}

#[test]
fn members_and_applicants_are_not_closed() {
	run(|| {
		assert_ok!(apply(5, "Elbe Bank"));
		assert_noop!(close(1), Error::<Test>::WrongStatus);
		assert_noop!(close(5), Error::<Test>::WrongStatus);
		assert_noop!(close(6), Error::<Test>::NotFound);
	});
}

#[test]
fn the_votes_of_a_member_that_leaves_the_electorate_count_no_more() {
	run(|| {
		let call = RuntimeCall::Institutions(crate::Call::expel { institution: 1 });
		let hash = <Test as frame_system::Config>::Hashing::hash_of(&call);
		let length = codec::Encode::encoded_size(&call) as u32;
		assert_ok!(Alliance::propose(RuntimeOrigin::signed(2), 3, Box::new(call), length));
		for account in [2, 3, 4] {
			assert_ok!(Alliance::vote(RuntimeOrigin::signed(account), hash, 0, true));
		}
		assert_ok!(leave(4));
		assert_noop!(
			Alliance::close(RuntimeOrigin::signed(2), hash, 0, MaxWeight::get(), length),
			pallet_collective::Error::<Test>::TooEarly
		);
		assert_noop!(
			Alliance::vote(RuntimeOrigin::signed(4), hash, 0, true),
			pallet_collective::Error::<Test>::NotMember
		);
	});

	use sp_runtime::traits::Hash;
}

#[test]
fn the_bond_of_a_run_off_serves_creditors_first_then_holders_and_then_the_member() {
	run(|| {
		Outstanding::set([(4, 700)].into());
		Reserves::set([(4, 200)].into());
		BondDebts::set([(4, 600)].into());
		assert_ok!(Institutions::start_run_off(4));
		// 400 of 1,000 is needed by nobody else, and 500 is lacking.
		assert_eq!((bond_held(4), Reserves::get()[&4], Closed::get()), (600, 600, vec![4]));
	});
	run(|| {
		Outstanding::set([(4, 700)].into());
		Reserves::set([(4, 600)].into());
		assert_ok!(Institutions::start_run_off(4));
		assert_eq!((bond_held(4), Reserves::get()[&4]), (900, 700));
	});
}
