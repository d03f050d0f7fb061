use super::mock::*;
use crate::{Error, Event};
use frame_support::{assert_noop, assert_ok};
use hanse_primitives::Members as _;

#[test]
fn a_bond_pays_a_creditor_up_to_what_is_held() {
	run(|| {
		let before = Balances::free_balance(2);
		assert_eq!(Institutions::draw_bond(1, &2, 300), Ok(300));
		System::assert_last_event(Event::BondPaidOut { institution: 1, creditor: 2, amount: 300 }.into());
		assert_eq!((bond_held(1), Balances::free_balance(2)), (700, before + 300));
		assert_noop!(Institutions::ensure_active(1), Error::<Test>::BondTooSmall);

		assert_eq!(Institutions::draw_bond(1, &2, 5_000), Ok(700));
		assert_eq!((bond_held(1), Balances::free_balance(2)), (0, before + 1_000));
		assert_eq!(Institutions::draw_bond(1, &2, 1), Ok(0));
		assert_ok!(Institutions::top_up_bond(RuntimeOrigin::signed(1), 1));
	});
}

#[test]
fn a_stranger_has_no_bond_to_draw() {
	run(|| {
		assert_noop!(Institutions::draw_bond(9, &2, 1), Error::<Test>::NotFound);
	});
}
