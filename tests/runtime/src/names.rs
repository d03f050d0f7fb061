//! What institutions and programs may be called.

use crate::{alliance::*, chain::*};
use codec::{Decode, Encode};
use frame_support::{assert_noop, assert_ok};
use hanse_runtime::{Assets, Executive, Runtime, RuntimeCall, System, UncheckedExtrinsic};
use pallet_institutions::Error as OfInstitutions;
use pallet_points::{Call, Error as OfPoints};
use sp_runtime::{transaction_validity::TransactionSource, DispatchResult};

/// Names that nobody can tell from `Founder 1`, or that are none.
const NOT_NAMES: [&str; 9] = [
	"Founder\u{200b} 1",
	"F\u{43e}under 1",
	"\u{202e}1 rednuoF",
	"\u{200b}",
	"Founder  1",
	" Founder",
	"Founder\u{1b}[2J",
	"Founder\n",
	"Fo\u{308}under",
];

fn rename(who: u32, name: impl AsRef<[u8]>) -> DispatchResult {
	let profile =
		pallet_institutions::ProfileDraft { name: name.as_ref().to_vec(), document: Default::default() };
	let call = pallet_institutions::Call::update_profile { profile };
	dispatch(member(who), call)
}

fn create(who: u32, name: impl AsRef<[u8]>, symbol: &str) -> DispatchResult {
	let call = Call::create_program { name: name.as_ref().to_vec(), symbol: symbol.into(), terms: TERMS };
	dispatch(member(who), call)
}

#[test]
fn a_name_that_cannot_be_seen_or_told_from_another_is_refused_by_name() {
	run_on(alliance_of(4), || {
		for name in NOT_NAMES {
			assert_noop!(rename(2, name), OfInstitutions::<Runtime>::InvalidName);
			assert_noop!(create(2, name, "SKY"), OfPoints::<Runtime>::InvalidLabel);
		}
		for name in ["FOUNDER 1", "Founder1", "Founder l", "F0under I"] {
			assert_noop!(rename(2, name), OfInstitutions::<Runtime>::NameTaken);
			assert_noop!(create(2, name, "SKY"), OfPoints::<Runtime>::NameTaken);
		}
		assert_ok!(rename(2, "Bergen Bücher"));
	});
}

#[test]
fn a_program_has_a_name_and_a_symbol_of_its_own_in_the_whole_alliance() {
	run_on(alliance_of(4), || {
		assert_ok!(create(1, "Sky Miles", "SKY"));
		for who in [1, 2] {
			assert_noop!(create(who, "Sky Miles", "SKY"), OfPoints::<Runtime>::NameTaken);
			assert_noop!(create(who, "SKY MILES", "FLY"), OfPoints::<Runtime>::NameTaken);
			assert_noop!(create(who, "Fly", "SKY"), OfPoints::<Runtime>::NameTaken);
		}
		assert_noop!(rename(3, "Sky Mi1es"), OfInstitutions::<Runtime>::NameTaken);
		assert_ok!(create(2, "Pages", "PAGE"));
	});
}

#[test]
fn thirty_three_bytes_of_name_are_an_error_with_a_name_and_not_a_call_that_cannot_be_read() {
	run_on(alliance_of(4), || {
		for length in [33, 64, 10_000] {
			let name = vec![b'x'; length];
			assert_noop!(rename(2, &name), OfInstitutions::<Runtime>::InvalidName);
			assert_noop!(create(2, &name, "SKY"), OfPoints::<Runtime>::InvalidLabel);
			assert_noop!(create(2, "Sky", &"S".repeat(length)), OfPoints::<Runtime>::InvalidLabel);
		}
		// As bytes that come over the wire.
		let profile =
			pallet_institutions::ProfileDraft { name: vec![b'x'; 33], document: Default::default() };
		let call: RuntimeCall = pallet_institutions::Call::apply { profile }.into();
		let wallet = crate::wallet::Wallet::new(1);
		let bytes = wallet.signs(call).encode();
		let transaction = UncheckedExtrinsic::decode(&mut &bytes[..]).expect("it can be read");
		let parent = System::parent_hash();
		let answer = Executive::validate_transaction(TransactionSource::External, transaction, parent);
		// It has no money for the fee, and is told so.
		assert_eq!(answer.map(drop), Err(crate::wallet::UNPAID));
	});
}

#[test]
fn a_vintage_is_called_after_its_period() {
	use frame_support::traits::fungibles::metadata::Inspect;
	use pallet_points::{Period, Terms};
	run_on(alliance_of(4), || {
		block_at(START + 319 * DAY + 42_538_123, vec![]);
		let periods = [
			(Period::Years(60), "26"),
			(Period::Quarters(60), "26Q4"),
			(Period::Months(60), "2611"),
			(Period::Milliseconds(30 * DAY), "1"),
		];
		for (id, (period, called)) in (1..).zip(periods) {
			let validity = 60 * DAY;
			let call = Call::create_program {
				name: format!("Program No {id}").into_bytes(),
				symbol: format!("PRG{id}").into_bytes(),
				terms: Terms { period, validity, ..TERMS },
			};
			assert_ok!(dispatch(member(1), call));
			issue(AIR, id, &[stranger(1)], 1, u64::from(id));
			let asset = hanse_primitives::asset_id(id, 0);
			let read = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
			assert_eq!(read(Assets::symbol(asset)), format!("PRG{id}-{called}"));
			assert_eq!(read(Assets::name(asset)), format!("Program No {id} {called}"));
		}
	});
}
