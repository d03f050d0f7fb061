//! What the mock runtimes of the pallets have in common, as macros: each mock says only what is special about its
//! pallet.
//!
//! Every macro configures a runtime called `Test`, whose pallets have the names that they have in the real one. Types
//! of a `Config` that a mock does not name are those with which nothing happens.

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

/// `pallet_institutions`, whose votes are root's, and the electorate `Voters`, a list that a test can read.
#[macro_export]
macro_rules! alliance {
	($($name:ident = $ty:ty),* $(,)?) => {
		type AccountIdOf = <Test as frame_system::Config>::AccountId;

		frame_support::parameter_types! {
			/// Who votes.
			pub static Voters: Vec<AccountIdOf> = Vec::new();
		}

		impl hanse_primitives::Electorate<AccountIdOf> for Voters {
			fn members() -> Vec<AccountIdOf> {
				Voters::get()
			}

			fn set(sorted: Vec<AccountIdOf>) {
				Voters::set(sorted)
			}

			fn voted() -> Vec<(AccountIdOf, u32)> {
				Vec::new()
			}
		}

		impl pallet_institutions::Config for Test {
			type AdmitOrigin = frame_system::EnsureRoot<AccountIdOf>;
			type ApplicationLifetime = frame_support::traits::ConstU64<1_000>;
			type Authorities = ();
			type Awake = frame_support::traits::ConstU64<1_000_000>;
			type Currency = Balances;
			type DeadlineClock = hanse_primitives::NeverStops<Timestamp>;
			type Electorate = Voters;
			type ExpelOrigin = frame_system::EnsureRoot<AccountIdOf>;
			type RejectOrigin = frame_system::EnsureRoot<AccountIdOf>;
			type RuntimeHoldReason = RuntimeHoldReason;
			type Time = Timestamp;
			type WeightInfo = ();
			$(type $name = $ty;)*
		}
	};
}

/// `$clock` counts eras of `$length` milliseconds from `$start` on, and takes orders of `$order_eras` before.
#[macro_export]
macro_rules! eras {
	($clock:ty, $start:expr, $length:expr, $order_eras:expr) => {
		impl hanse_primitives::Eras for $clock {
			fn current() -> hanse_primitives::EraIndex {
				((Timestamp::get() - $start) / $length) as hanse_primitives::EraIndex
			}

			fn order_eras() -> u32 {
				$order_eras
			}

			fn length() -> hanse_primitives::Duration {
				$length
			}
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

/// Methods of a trait as another type has them, so that a mock can replace one of many.
#[macro_export]
macro_rules! delegate {
	($real:ty as $trait:path; $(fn $method:ident($($argument:ident: $ty:ty),*) $(-> $out:ty)?;)*) => {
		$(
			fn $method($($argument: $ty),*) $(-> $out)? {
				<$real as $trait>::$method($($argument),*)
			}
		)*
	};
}
