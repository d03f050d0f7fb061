//! The test kit of the pallets: macros for the runtime of a mock, and one programmable mock for each trait of
//! `hanse-primitives`. A pallet's own mock says only what is special about it.
//!
//! Every macro configures a runtime called `Test`, whose pallets have the names that they have in the real one. Types
//! of a `Config` that a mock does not name are those with which nothing happens.

// What records a call answers `Ok` of whatever recording it returns.
#![allow(clippy::unit_arg)]

mod clock;
mod conduct;
mod customers;
mod members;
mod money;
mod points;
mod votes;

pub use clock::*;
pub use conduct::*;
pub use customers::*;
pub use members::*;
pub use money::*;
pub use points::*;
pub use votes::*;

pub use frame_support::{
	assert_ok, derive_impl, parameter_types,
	traits::{ConstU128, ConstU32, ConstU64, Hooks},
	weights::{Weight, WeightMeter},
};
pub use hanse_primitives::{
	AssetId, Balance, EraIndex, InstitutionId, Moment, NeverStops, OffenceKind, Order, ProgramId,
};
pub use sp_core::H256;
pub use sp_runtime::{DispatchError, DispatchResult};

use frame_support::{dispatch::DispatchResultWithPostInfo, pallet_prelude::ValueQuery};
use std::collections::BTreeMap;

/// What a test can set and read of a mock. It is in storage, so that a call which fails changes nothing of it, and
/// every genesis begins with what stands here.
#[macro_export]
macro_rules! state {
	($($(#[$doc:meta])* $name:ident: $ty:ty = $first:expr;)*) => {$(
		$(#[$doc])*
		pub struct $name;

		#[allow(dead_code)]
		impl $name {
			const KEY: &'static [u8] = concat!(module_path!(), "::", stringify!($name)).as_bytes();

			pub fn get() -> $ty {
				frame_support::storage::unhashed::get(Self::KEY).unwrap_or_else(|| $first)
			}

			pub fn set(value: $ty) {
				frame_support::storage::unhashed::put(Self::KEY, &value)
			}

			pub fn take() -> $ty {
				frame_support::storage::unhashed::take(Self::KEY).unwrap_or_else(|| $first)
			}

			pub fn mutate<R>(change: impl FnOnce(&mut $ty) -> R) -> R {
				let mut value = Self::get();
				let result = change(&mut value);
				Self::set(value);
				result
			}
		}

		impl<I: From<$ty>> frame_support::traits::Get<I> for $name {
			fn get() -> I {
				I::from(Self::get())
			}
		}
	)*};
}

/// Functions that are one expression: the answers of a mock, and the words of tests.
#[macro_export]
macro_rules! short {
	($(
		$(#[$doc:meta])*
		$vis:vis fn $name:ident($($argument:tt: $ty:ty),* $(,)?) $(-> $out:ty)? = $answer:expr;
	)*) => {$(
		$(#[$doc])*
		$vis fn $name($($argument: $ty),*) $(-> $out)? {
			$answer
		}
	)*};
}

/// What a map says of a key.
pub fn of<K: Ord, V: Default>(mut map: BTreeMap<K, V>, key: K) -> V {
	map.remove(&key).unwrap_or_default()
}

/// Fails by this name if so.
pub fn refuse(is_refused: bool, name: &'static str) -> DispatchResult {
	if is_refused {
		Err(DispatchError::Other(name))
	} else {
		Ok(())
	}
}

/// Whatever came of it, it succeeds.
pub fn done<T>(_: T) -> DispatchResult {
	Ok(())
}

/// The settlement units that there are.
#[frame_support::storage_alias]
pub type TotalIssuance = StorageValue<Balances, Balance, ValueQuery>;

/// A result without what it weighs.
pub fn plain(result: DispatchResultWithPostInfo) -> DispatchResult {
	result.map(drop).map_err(|failed| failed.error)
}

/// A call of the pallet under test that fails by this name, and changes nothing.
#[macro_export]
macro_rules! refused {
	($call:expr, $error:expr) => {
		frame_support::assert_noop!(frame_support::storage::with_storage_layer(|| $call), $error)
	};
}

/// The runtime `Test` of `frame_system`, pallets of FRAME, and pallets with invariants; and what all tests say of it.
#[macro_export]
macro_rules! chain {
	($($frame:ident: $frame_path:ident),*; $($pallet:ident: $path:ident),* $(,)?) => {
		frame_support::construct_runtime!(
			pub enum Test {
				System: frame_system,
				$($frame: $frame_path,)*
				$($pallet: $path,)*
			}
		);

		/// The chain that begins with `genesis`, in block 1, after `first`.
		fn chain(genesis: RuntimeGenesisConfig, first: impl FnOnce()) -> sp_io::TestExternalities {
			use sp_runtime::BuildStorage;
			let mut ext = sp_io::TestExternalities::new(genesis.build_storage().unwrap());
			ext.execute_with(|| {
				System::set_block_number(1);
				first()
			});
			ext
		}

		/// Checks the invariants of every pallet.
		pub fn check_invariants() {
			$($pallet::do_try_state().unwrap();)*
		}

		/// Runs `test` and checks the invariants after it, and that money neither appeared nor vanished.
		#[allow(dead_code)]
		fn run_on(mut chain: sp_io::TestExternalities, test: impl FnOnce()) {
			chain.execute_with(|| {
				let before = $crate::TotalIssuance::get();
				test();
				check_invariants();
				assert_eq!($crate::TotalIssuance::get(), before);
			});
		}

		#[allow(dead_code)]
		pub fn last_event(event: impl Into<RuntimeEvent>) {
			System::assert_last_event(event.into());
		}

		#[allow(dead_code)]
		pub fn has_event(event: impl Into<RuntimeEvent>) {
			System::assert_has_event(event.into());
		}
	};
}

/// The same, where accounts are numbers, and institution n is account n.
#[macro_export]
macro_rules! runtime {
	($($pallets:tt)*) => {
		$crate::chain!($($pallets)*);

		#[allow(dead_code)]
		pub fn signed(who: u64) -> RuntimeOrigin {
			RuntimeOrigin::signed(who)
		}

		#[allow(dead_code)]
		pub fn by(id: $crate::InstitutionId) -> RuntimeOrigin {
			RuntimeOrigin::signed(id.into())
		}
	};
}

/// `frame_system`, with the types that a mock wants otherwise, for pallets that know no money.
#[macro_export]
macro_rules! system {
	($($name:ident = $ty:ty),* $(,)?) => {
		type Block = frame_system::mocking::MockBlock<Test>;

		#[frame_support::derive_impl(frame_system::config_preludes::TestDefaultConfig)]
		impl frame_system::Config for Test {
			type Block = Block;
			$(type $name = $ty;)*
		}
	};
}

/// `pallet_timestamp`.
#[macro_export]
macro_rules! timestamp {
	($($name:ident = $ty:ty),* $(,)?) => {
		#[frame_support::derive_impl(pallet_timestamp::config_preludes::TestDefaultConfig)]
		impl pallet_timestamp::Config for Test {
			$(type $name = $ty;)*
		}
	};
}

/// `frame_system` and `pallet_balances` with amounts of 128 bits, where an account must have `$least` to be.
#[macro_export]
macro_rules! money {
	($least:expr $(, $name:ident = $ty:ty)* $(,)?) => {
		$crate::system!(AccountData = pallet_balances::AccountData<u128> $(, $name = $ty)*);

		#[frame_support::derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
		impl pallet_balances::Config for Test {
			type AccountStore = System;
			type Balance = u128;
			type ExistentialDeposit = frame_support::traits::ConstU128<{ $least }>;
		}
	};
}

/// `pallet_assets` for vintages, which nobody creates by a call; `$freezer` says what is halted.
#[macro_export]
macro_rules! vintages {
	($freezer:ty) => {
		#[frame_support::derive_impl(pallet_assets::config_preludes::TestDefaultConfig)]
		impl pallet_assets::Config for Test {
			type AssetId = hanse_primitives::AssetId;
			type AssetIdParameter = hanse_primitives::AssetId;
			type Balance = u128;
			type CreateOrigin =
				frame_support::traits::AsEnsureOriginWithArg<frame_support::traits::NeverEnsureOrigin<u64>>;
			type Currency = Balances;
			type ForceOrigin = frame_support::traits::NeverEnsureOrigin<()>;
			type Freezer = $freezer;
			type Holder = ();
			type MetadataDepositBase = frame_support::traits::ConstU128<0>;
			type MetadataDepositPerByte = frame_support::traits::ConstU128<0>;
		}
	};
}

/// `pallet_institutions`, whose votes are root's.
#[macro_export]
macro_rules! alliance {
	($($name:ident = $ty:ty),* $(,)?) => {
		impl pallet_institutions::Config for Test {
			type AdmitOrigin = frame_system::EnsureRoot<u64>;
			type ApplicationLifetime = frame_support::traits::ConstU64<1_000>;
			type Authorities = ();
			type Awake = frame_support::traits::ConstU64<1_000_000>;
			type Currency = Balances;
			type DeadlineClock = hanse_primitives::NeverStops<Timestamp>;
			type ExpelOrigin = frame_system::EnsureRoot<u64>;
			type RejectOrigin = frame_system::EnsureRoot<u64>;
			type RuntimeHoldReason = RuntimeHoldReason;
			type Time = Timestamp;
			type WeightInfo = ();
			$(type $name = $ty;)*
		}
	};
}

/// Methods of a trait that the pallet under test has no use for, and why.
#[macro_export]
macro_rules! unused {
	($why:literal; $(fn $method:ident($($argument:tt: $ty:ty),*) $(-> $out:ty)?;)*) => {
		$(
			fn $method($($argument: $ty),*) $(-> $out)? {
				unreachable!($why)
			}
		)*
	};
}
