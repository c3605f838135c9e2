# Completions of kiosk-tui for bash: made from its parser with shtab by scripts/documents.
_shtab_kiosk_tui_journal_subparsers=(list show verify key checkpoint export settle new backup check-backup restore prune tidy)
_shtab_kiosk_tui_day_subparsers=(report close show list compare)
_shtab_kiosk_tui_config_subparsers=(show check schema init pin)
_shtab_kiosk_tui_scenario_subparsers=(run)
_shtab_kiosk_tui_fleet_subparsers=(enroll status leave)
_shtab_kiosk_tui_office_user_subparsers=(add password disable list)
_shtab_kiosk_tui_office_commands_subparsers=(list ask approve stop)
_shtab_kiosk_tui_office_subparsers=(serve demo migrate tidy user enroll revoke list show due silent reasons terminals versions alarms totals days reconcile import ask commands)
_shtab_kiosk_tui_subparsers=(run sale refund cancel preauth complete moto balance gratuity recover journal receipt totals day config console simulator drill scenario alert doctor serve lanes watch ship fleet office completion help version)

_shtab_kiosk_tui_run_option_strings=(-h --help --config --mode --demo --plain)
_shtab_kiosk_tui_sale_option_strings=(-h --help --config --amount --tip --until-goods --caller-reference --override-limits --second-person --currency --language --reason --receipt-number --personal-id --demo --json)
_shtab_kiosk_tui_refund_option_strings=(-h --help --config --amount --reference --terminal --source-id --caller-reference --override-limits --second-person --currency --language --reason --receipt-number --personal-id --demo --json)
_shtab_kiosk_tui_cancel_option_strings=(-h --help --config --amount --reference --terminal --source-id --currency --language --reason --receipt-number --personal-id --demo --json)
_shtab_kiosk_tui_preauth_option_strings=(-h --help --config --amount --caller-reference --override-limits --second-person --currency --language --reason --receipt-number --personal-id --demo --json)
_shtab_kiosk_tui_complete_option_strings=(-h --help --config --amount --reference --terminal --source-id --caller-reference --override-limits --second-person --currency --language --reason --receipt-number --personal-id --demo --json)
_shtab_kiosk_tui_moto_option_strings=(-h --help --config --amount --card-reference --until-goods --caller-reference --override-limits --second-person --currency --language --reason --receipt-number --personal-id --demo --json)
_shtab_kiosk_tui_balance_option_strings=(-h --help --config --caller-reference --currency --language --reason --receipt-number --personal-id --demo --json)
_shtab_kiosk_tui_gratuity_option_strings=(-h --help --config --amount --reference --terminal --source-id --caller-reference --override-limits --second-person --currency --language --reason --receipt-number --personal-id --demo --json)
_shtab_kiosk_tui_recover_option_strings=(-h --help --config --demo --json)
_shtab_kiosk_tui_journal_list_option_strings=(-h --help --config --state --limit --json --demo)
_shtab_kiosk_tui_journal_show_option_strings=(-h --help --config --json --demo)
_shtab_kiosk_tui_journal_verify_option_strings=(-h --help --config --checkpoint --json --demo)
_shtab_kiosk_tui_journal_key_option_strings=(-h --help --config --json --demo)
_shtab_kiosk_tui_journal_checkpoint_option_strings=(-h --help --config --sign --json --demo)
_shtab_kiosk_tui_journal_export_option_strings=(-h --help --config --format --decimal-comma --demo)
_shtab_kiosk_tui_journal_settle_option_strings=(-h --help --config --note --json --demo)
_shtab_kiosk_tui_journal_new_option_strings=(-h --help --config --note --json --demo)
_shtab_kiosk_tui_journal_backup_option_strings=(-h --help --config --json --demo)
_shtab_kiosk_tui_journal_check_backup_option_strings=(-h --help --config --json --demo)
_shtab_kiosk_tui_journal_restore_option_strings=(-h --help --config --note --json --demo)
_shtab_kiosk_tui_journal_prune_option_strings=(-h --help --config --days --json --demo)
_shtab_kiosk_tui_journal_tidy_option_strings=(-h --help --config --json --demo)
_shtab_kiosk_tui_journal_option_strings=(-h --help --config)
_shtab_kiosk_tui_receipt_option_strings=(-h --help --config --demo --copy --columns --first --output --print)
_shtab_kiosk_tui_totals_option_strings=(-h --help --config --demo --date --json --csv --print --decimal-comma)
_shtab_kiosk_tui_day_report_option_strings=(-h --help --config --json --csv --print --decimal-comma --demo)
_shtab_kiosk_tui_day_close_option_strings=(-h --help --config --json --csv --print --decimal-comma --demo)
_shtab_kiosk_tui_day_show_option_strings=(-h --help --config --json --csv --print --decimal-comma --demo)
_shtab_kiosk_tui_day_list_option_strings=(-h --help --config --json --demo)
_shtab_kiosk_tui_day_compare_option_strings=(-h --help --config --json --total --file --demo)
_shtab_kiosk_tui_day_option_strings=(-h --help --config)
_shtab_kiosk_tui_config_show_option_strings=(-h --help --config --json)
_shtab_kiosk_tui_config_check_option_strings=(-h --help --config)
_shtab_kiosk_tui_config_schema_option_strings=(-h --help --config)
_shtab_kiosk_tui_config_init_option_strings=(-h --help --config --output --url --terminal --place --currency --key-file)
_shtab_kiosk_tui_config_pin_option_strings=(-h --help --config)
_shtab_kiosk_tui_config_option_strings=(-h --help --config)
_shtab_kiosk_tui_console_option_strings=(-h --help --config --json)
_shtab_kiosk_tui_simulator_option_strings=(-h --help --config --host --port --scenario --console --card-s --push)
_shtab_kiosk_tui_drill_option_strings=(-h --help --config --report --json)
_shtab_kiosk_tui_scenario_run_option_strings=(-h --help --config --against --junit --json --list)
_shtab_kiosk_tui_scenario_option_strings=(-h --help --config)
_shtab_kiosk_tui_alert_option_strings=(-h --help --config)
_shtab_kiosk_tui_doctor_option_strings=(-h --help --config --demo --test-sale --ask --bundle --json)
_shtab_kiosk_tui_serve_option_strings=(-h --help --config --socket --tcp --token-file --demo)
_shtab_kiosk_tui_lanes_option_strings=(-h --help --config --socket)
_shtab_kiosk_tui_watch_option_strings=(-h --help --config --demo --once --json)
_shtab_kiosk_tui_ship_option_strings=(-h --help --config --once)
_shtab_kiosk_tui_fleet_enroll_option_strings=(-h --help --url --code --ca --json)
_shtab_kiosk_tui_fleet_status_option_strings=(-h --help --json)
_shtab_kiosk_tui_fleet_leave_option_strings=(-h --help --json)
_shtab_kiosk_tui_fleet_option_strings=(-h --help --config)
_shtab_kiosk_tui_office_serve_option_strings=(-h --help --office-config --part --socket)
_shtab_kiosk_tui_office_demo_option_strings=(-h --help --office-config --folder --address --kiosks)
_shtab_kiosk_tui_office_migrate_option_strings=(-h --help --office-config --json)
_shtab_kiosk_tui_office_tidy_option_strings=(-h --help --office-config --json)
_shtab_kiosk_tui_office_user_add_option_strings=(-h --help --office-config --json --role --password-file)
_shtab_kiosk_tui_office_user_password_option_strings=(-h --help --office-config --json --password-file)
_shtab_kiosk_tui_office_user_disable_option_strings=(-h --help --office-config --json)
_shtab_kiosk_tui_office_user_list_option_strings=(-h --help --office-config --json)
_shtab_kiosk_tui_office_user_option_strings=(-h --help)
_shtab_kiosk_tui_office_enroll_option_strings=(-h --help --office-config --json --site --hours)
_shtab_kiosk_tui_office_revoke_option_strings=(-h --help --office-config --json)
_shtab_kiosk_tui_office_list_option_strings=(-h --help --office-config --json)
_shtab_kiosk_tui_office_show_option_strings=(-h --help --office-config --json)
_shtab_kiosk_tui_office_due_option_strings=(-h --help --office-config --json)
_shtab_kiosk_tui_office_silent_option_strings=(-h --help --office-config --json)
_shtab_kiosk_tui_office_reasons_option_strings=(-h --help --office-config --json)
_shtab_kiosk_tui_office_terminals_option_strings=(-h --help --office-config --json)
_shtab_kiosk_tui_office_versions_option_strings=(-h --help --office-config --json)
_shtab_kiosk_tui_office_alarms_option_strings=(-h --help --office-config --json --seen)
_shtab_kiosk_tui_office_totals_option_strings=(-h --help --office-config --json --date --days --by)
_shtab_kiosk_tui_office_days_option_strings=(-h --help --office-config --json --kiosk --number)
_shtab_kiosk_tui_office_reconcile_option_strings=(-h --help --office-config --json --days)
_shtab_kiosk_tui_office_import_option_strings=(-h --help --office-config --json --as --amounts)
_shtab_kiosk_tui_office_ask_option_strings=(-h --help --office-config --json)
_shtab_kiosk_tui_office_commands_list_option_strings=(-h --help --office-config --json)
_shtab_kiosk_tui_office_commands_ask_option_strings=(-h --help --office-config --json --body --hours --reason --as-user)
_shtab_kiosk_tui_office_commands_approve_option_strings=(-h --help --office-config --json --as-user)
_shtab_kiosk_tui_office_commands_stop_option_strings=(-h --help --office-config --json --as-user)
_shtab_kiosk_tui_office_commands_option_strings=(-h --help)
_shtab_kiosk_tui_office_option_strings=(-h --help)
_shtab_kiosk_tui_completion_option_strings=(-h --help --config)
_shtab_kiosk_tui_help_option_strings=(-h --help --config)
_shtab_kiosk_tui_version_option_strings=(-h --help --config)
_shtab_kiosk_tui_option_strings=(-h --help --version --config --mode --demo --plain)

_shtab_kiosk_tui_run___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_sale___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_refund___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_cancel___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_preauth___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_complete___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_moto___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_moto___card_reference_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_balance___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_gratuity___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_recover___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_journal_list___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_journal_show___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_journal_verify___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_journal_verify___checkpoint_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_journal_key___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_journal_checkpoint___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_journal_export___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_journal_settle___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_journal_new___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_journal_backup_pos_0_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_journal_backup___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_journal_check_backup_pos_0_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_journal_check_backup___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_journal_restore_pos_0_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_journal_restore___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_journal_prune___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_journal_tidy___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_journal___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_receipt___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_receipt___output_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_totals___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_day_report___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_day_close___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_day_show___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_day_list___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_day_compare___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_day_compare___file_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_day___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_config_show___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_config_check___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_config_schema___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_config_init___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_config_init___output_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_config_init___key_file_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_config_pin___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_config___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_console___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_simulator___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_simulator___scenario_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_drill___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_drill___report_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_scenario_run_pos_0_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_scenario_run___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_scenario_run___junit_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_scenario___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_alert___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_doctor___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_doctor___bundle_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_serve___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_serve___socket_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_serve___token_file_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_lanes___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_lanes___socket_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_watch___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_ship___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_fleet_enroll___code_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_fleet_enroll___ca_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_fleet___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_office_serve___office_config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_office_serve___socket_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_office_demo___office_config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_office_demo___folder_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_office_migrate___office_config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_office_tidy___office_config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_office_user_add___office_config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_office_user_add___password_file_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_office_user_password___office_config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_office_user_password___password_file_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_office_user_disable___office_config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_office_user_list___office_config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_office_enroll___office_config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_office_revoke___office_config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_office_list___office_config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_office_show___office_config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_office_due___office_config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_office_silent___office_config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_office_reasons___office_config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_office_terminals___office_config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_office_versions___office_config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_office_alarms___office_config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_office_totals___office_config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_office_days___office_config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_office_reconcile___office_config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_office_import_pos_0_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_office_import___office_config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_office_ask___office_config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_office_commands_list___office_config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_office_commands_ask___office_config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_office_commands_approve___office_config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_office_commands_stop___office_config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_completion___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_help___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui_version___config_COMPGEN=_shtab_compgen_files
_shtab_kiosk_tui___config_COMPGEN=_shtab_compgen_files

_shtab_kiosk_tui_run___mode_choices=(kiosk lane technician)
_shtab_kiosk_tui_journal_list___state_choices=(authorizing given_up goods_due goods_due_again approved declined not_sent cancel_due void_due cancelled nothing_to_cancel needs_staff settled)
_shtab_kiosk_tui_journal_export___format_choices=(jsonl csv)
_shtab_kiosk_tui_journal_pos_0_choices=(list show verify key checkpoint export settle new backup check-backup restore prune tidy)
_shtab_kiosk_tui_receipt___copy_choices=(customer merchant)
_shtab_kiosk_tui_receipt___columns_choices=(32 42 48)
_shtab_kiosk_tui_day_pos_0_choices=(report close show list compare)
_shtab_kiosk_tui_config_pos_0_choices=(show check schema init pin)
_shtab_kiosk_tui_scenario_run___against_choices=(simulator terminal)
_shtab_kiosk_tui_scenario_pos_0_choices=(run)
_shtab_kiosk_tui_fleet_pos_0_choices=(enroll status leave)
_shtab_kiosk_tui_office_serve___part_choices=(ingest push web signer enroller)
_shtab_kiosk_tui_office_user_add___role_choices=(look operate command)
_shtab_kiosk_tui_office_user_pos_0_choices=(add password disable list)
_shtab_kiosk_tui_office_totals___by_choices=(kiosk site fleet batch)
_shtab_kiosk_tui_office_import___as_choices=(history clearing)
_shtab_kiosk_tui_office_import___amounts_choices=(minor major)
_shtab_kiosk_tui_office_commands_pos_0_choices=(list ask approve stop)
_shtab_kiosk_tui_office_pos_0_choices=(serve demo migrate tidy user enroll revoke list show due silent reasons terminals versions alarms totals days reconcile import ask commands)
_shtab_kiosk_tui_completion_pos_0_choices=(bash zsh fish)
_shtab_kiosk_tui_help_pos_0_choices=(run sale refund cancel preauth complete moto balance gratuity recover journal receipt totals day config console simulator drill scenario alert doctor serve lanes watch ship fleet office completion help version exit-codes)
_shtab_kiosk_tui_pos_0_choices=(run sale refund cancel preauth complete moto balance gratuity recover journal receipt totals day config console simulator drill scenario alert doctor serve lanes watch ship fleet office completion help version)
_shtab_kiosk_tui___mode_choices=(kiosk lane technician)

_shtab_kiosk_tui_run__h_nargs=0
_shtab_kiosk_tui_run___help_nargs=0
_shtab_kiosk_tui_run___demo_nargs=0
_shtab_kiosk_tui_run___plain_nargs=0
_shtab_kiosk_tui_sale__h_nargs=0
_shtab_kiosk_tui_sale___help_nargs=0
_shtab_kiosk_tui_sale___until_goods_nargs=0
_shtab_kiosk_tui_sale___override_limits_nargs=0
_shtab_kiosk_tui_sale___demo_nargs=0
_shtab_kiosk_tui_sale___json_nargs=0
_shtab_kiosk_tui_refund__h_nargs=0
_shtab_kiosk_tui_refund___help_nargs=0
_shtab_kiosk_tui_refund___override_limits_nargs=0
_shtab_kiosk_tui_refund___demo_nargs=0
_shtab_kiosk_tui_refund___json_nargs=0
_shtab_kiosk_tui_cancel__h_nargs=0
_shtab_kiosk_tui_cancel___help_nargs=0
_shtab_kiosk_tui_cancel___demo_nargs=0
_shtab_kiosk_tui_cancel___json_nargs=0
_shtab_kiosk_tui_preauth__h_nargs=0
_shtab_kiosk_tui_preauth___help_nargs=0
_shtab_kiosk_tui_preauth___override_limits_nargs=0
_shtab_kiosk_tui_preauth___demo_nargs=0
_shtab_kiosk_tui_preauth___json_nargs=0
_shtab_kiosk_tui_complete__h_nargs=0
_shtab_kiosk_tui_complete___help_nargs=0
_shtab_kiosk_tui_complete___override_limits_nargs=0
_shtab_kiosk_tui_complete___demo_nargs=0
_shtab_kiosk_tui_complete___json_nargs=0
_shtab_kiosk_tui_moto__h_nargs=0
_shtab_kiosk_tui_moto___help_nargs=0
_shtab_kiosk_tui_moto___until_goods_nargs=0
_shtab_kiosk_tui_moto___override_limits_nargs=0
_shtab_kiosk_tui_moto___demo_nargs=0
_shtab_kiosk_tui_moto___json_nargs=0
_shtab_kiosk_tui_balance__h_nargs=0
_shtab_kiosk_tui_balance___help_nargs=0
_shtab_kiosk_tui_balance___demo_nargs=0
_shtab_kiosk_tui_balance___json_nargs=0
_shtab_kiosk_tui_gratuity__h_nargs=0
_shtab_kiosk_tui_gratuity___help_nargs=0
_shtab_kiosk_tui_gratuity___override_limits_nargs=0
_shtab_kiosk_tui_gratuity___demo_nargs=0
_shtab_kiosk_tui_gratuity___json_nargs=0
_shtab_kiosk_tui_recover__h_nargs=0
_shtab_kiosk_tui_recover___help_nargs=0
_shtab_kiosk_tui_recover___demo_nargs=0
_shtab_kiosk_tui_recover___json_nargs=0
_shtab_kiosk_tui_journal_list__h_nargs=0
_shtab_kiosk_tui_journal_list___help_nargs=0
_shtab_kiosk_tui_journal_list___json_nargs=0
_shtab_kiosk_tui_journal_list___demo_nargs=0
_shtab_kiosk_tui_journal_show__h_nargs=0
_shtab_kiosk_tui_journal_show___help_nargs=0
_shtab_kiosk_tui_journal_show___json_nargs=0
_shtab_kiosk_tui_journal_show___demo_nargs=0
_shtab_kiosk_tui_journal_verify__h_nargs=0
_shtab_kiosk_tui_journal_verify___help_nargs=0
_shtab_kiosk_tui_journal_verify___json_nargs=0
_shtab_kiosk_tui_journal_verify___demo_nargs=0
_shtab_kiosk_tui_journal_key__h_nargs=0
_shtab_kiosk_tui_journal_key___help_nargs=0
_shtab_kiosk_tui_journal_key___json_nargs=0
_shtab_kiosk_tui_journal_key___demo_nargs=0
_shtab_kiosk_tui_journal_checkpoint__h_nargs=0
_shtab_kiosk_tui_journal_checkpoint___help_nargs=0
_shtab_kiosk_tui_journal_checkpoint___sign_nargs=0
_shtab_kiosk_tui_journal_checkpoint___json_nargs=0
_shtab_kiosk_tui_journal_checkpoint___demo_nargs=0
_shtab_kiosk_tui_journal_export__h_nargs=0
_shtab_kiosk_tui_journal_export___help_nargs=0
_shtab_kiosk_tui_journal_export___decimal_comma_nargs=0
_shtab_kiosk_tui_journal_export___demo_nargs=0
_shtab_kiosk_tui_journal_settle__h_nargs=0
_shtab_kiosk_tui_journal_settle___help_nargs=0
_shtab_kiosk_tui_journal_settle___json_nargs=0
_shtab_kiosk_tui_journal_settle___demo_nargs=0
_shtab_kiosk_tui_journal_new__h_nargs=0
_shtab_kiosk_tui_journal_new___help_nargs=0
_shtab_kiosk_tui_journal_new___json_nargs=0
_shtab_kiosk_tui_journal_new___demo_nargs=0
_shtab_kiosk_tui_journal_backup__h_nargs=0
_shtab_kiosk_tui_journal_backup___help_nargs=0
_shtab_kiosk_tui_journal_backup___json_nargs=0
_shtab_kiosk_tui_journal_backup___demo_nargs=0
_shtab_kiosk_tui_journal_check_backup__h_nargs=0
_shtab_kiosk_tui_journal_check_backup___help_nargs=0
_shtab_kiosk_tui_journal_check_backup___json_nargs=0
_shtab_kiosk_tui_journal_check_backup___demo_nargs=0
_shtab_kiosk_tui_journal_restore__h_nargs=0
_shtab_kiosk_tui_journal_restore___help_nargs=0
_shtab_kiosk_tui_journal_restore___json_nargs=0
_shtab_kiosk_tui_journal_restore___demo_nargs=0
_shtab_kiosk_tui_journal_prune__h_nargs=0
_shtab_kiosk_tui_journal_prune___help_nargs=0
_shtab_kiosk_tui_journal_prune___json_nargs=0
_shtab_kiosk_tui_journal_prune___demo_nargs=0
_shtab_kiosk_tui_journal_tidy__h_nargs=0
_shtab_kiosk_tui_journal_tidy___help_nargs=0
_shtab_kiosk_tui_journal_tidy___json_nargs=0
_shtab_kiosk_tui_journal_tidy___demo_nargs=0
_shtab_kiosk_tui_journal_pos_0_nargs=A...
_shtab_kiosk_tui_journal__h_nargs=0
_shtab_kiosk_tui_journal___help_nargs=0
_shtab_kiosk_tui_receipt__h_nargs=0
_shtab_kiosk_tui_receipt___help_nargs=0
_shtab_kiosk_tui_receipt___demo_nargs=0
_shtab_kiosk_tui_receipt___first_nargs=0
_shtab_kiosk_tui_receipt___print_nargs=0
_shtab_kiosk_tui_totals__h_nargs=0
_shtab_kiosk_tui_totals___help_nargs=0
_shtab_kiosk_tui_totals___demo_nargs=0
_shtab_kiosk_tui_totals___json_nargs=0
_shtab_kiosk_tui_totals___csv_nargs=0
_shtab_kiosk_tui_totals___print_nargs=0
_shtab_kiosk_tui_totals___decimal_comma_nargs=0
_shtab_kiosk_tui_day_report__h_nargs=0
_shtab_kiosk_tui_day_report___help_nargs=0
_shtab_kiosk_tui_day_report___json_nargs=0
_shtab_kiosk_tui_day_report___csv_nargs=0
_shtab_kiosk_tui_day_report___print_nargs=0
_shtab_kiosk_tui_day_report___decimal_comma_nargs=0
_shtab_kiosk_tui_day_report___demo_nargs=0
_shtab_kiosk_tui_day_close__h_nargs=0
_shtab_kiosk_tui_day_close___help_nargs=0
_shtab_kiosk_tui_day_close___json_nargs=0
_shtab_kiosk_tui_day_close___csv_nargs=0
_shtab_kiosk_tui_day_close___print_nargs=0
_shtab_kiosk_tui_day_close___decimal_comma_nargs=0
_shtab_kiosk_tui_day_close___demo_nargs=0
_shtab_kiosk_tui_day_show__h_nargs=0
_shtab_kiosk_tui_day_show___help_nargs=0
_shtab_kiosk_tui_day_show___json_nargs=0
_shtab_kiosk_tui_day_show___csv_nargs=0
_shtab_kiosk_tui_day_show___print_nargs=0
_shtab_kiosk_tui_day_show___decimal_comma_nargs=0
_shtab_kiosk_tui_day_show___demo_nargs=0
_shtab_kiosk_tui_day_list__h_nargs=0
_shtab_kiosk_tui_day_list___help_nargs=0
_shtab_kiosk_tui_day_list___json_nargs=0
_shtab_kiosk_tui_day_list___demo_nargs=0
_shtab_kiosk_tui_day_compare__h_nargs=0
_shtab_kiosk_tui_day_compare___help_nargs=0
_shtab_kiosk_tui_day_compare___json_nargs=0
_shtab_kiosk_tui_day_compare___demo_nargs=0
_shtab_kiosk_tui_day_pos_0_nargs=A...
_shtab_kiosk_tui_day__h_nargs=0
_shtab_kiosk_tui_day___help_nargs=0
_shtab_kiosk_tui_config_show__h_nargs=0
_shtab_kiosk_tui_config_show___help_nargs=0
_shtab_kiosk_tui_config_show___json_nargs=0
_shtab_kiosk_tui_config_check__h_nargs=0
_shtab_kiosk_tui_config_check___help_nargs=0
_shtab_kiosk_tui_config_schema__h_nargs=0
_shtab_kiosk_tui_config_schema___help_nargs=0
_shtab_kiosk_tui_config_init__h_nargs=0
_shtab_kiosk_tui_config_init___help_nargs=0
_shtab_kiosk_tui_config_pin__h_nargs=0
_shtab_kiosk_tui_config_pin___help_nargs=0
_shtab_kiosk_tui_config_pos_0_nargs=A...
_shtab_kiosk_tui_config__h_nargs=0
_shtab_kiosk_tui_config___help_nargs=0
_shtab_kiosk_tui_console__h_nargs=0
_shtab_kiosk_tui_console___help_nargs=0
_shtab_kiosk_tui_console___json_nargs=0
_shtab_kiosk_tui_simulator__h_nargs=0
_shtab_kiosk_tui_simulator___help_nargs=0
_shtab_kiosk_tui_simulator___console_nargs=0
_shtab_kiosk_tui_drill__h_nargs=0
_shtab_kiosk_tui_drill___help_nargs=0
_shtab_kiosk_tui_drill___json_nargs=0
_shtab_kiosk_tui_scenario_run__h_nargs=0
_shtab_kiosk_tui_scenario_run___help_nargs=0
_shtab_kiosk_tui_scenario_run___json_nargs=0
_shtab_kiosk_tui_scenario_run___list_nargs=0
_shtab_kiosk_tui_scenario_pos_0_nargs=A...
_shtab_kiosk_tui_scenario__h_nargs=0
_shtab_kiosk_tui_scenario___help_nargs=0
_shtab_kiosk_tui_alert__h_nargs=0
_shtab_kiosk_tui_alert___help_nargs=0
_shtab_kiosk_tui_doctor__h_nargs=0
_shtab_kiosk_tui_doctor___help_nargs=0
_shtab_kiosk_tui_doctor___demo_nargs=0
_shtab_kiosk_tui_doctor___test_sale_nargs=0
_shtab_kiosk_tui_doctor___json_nargs=0
_shtab_kiosk_tui_serve__h_nargs=0
_shtab_kiosk_tui_serve___help_nargs=0
_shtab_kiosk_tui_serve___demo_nargs=0
_shtab_kiosk_tui_lanes__h_nargs=0
_shtab_kiosk_tui_lanes___help_nargs=0
_shtab_kiosk_tui_watch__h_nargs=0
_shtab_kiosk_tui_watch___help_nargs=0
_shtab_kiosk_tui_watch___demo_nargs=0
_shtab_kiosk_tui_watch___once_nargs=0
_shtab_kiosk_tui_watch___json_nargs=0
_shtab_kiosk_tui_ship__h_nargs=0
_shtab_kiosk_tui_ship___help_nargs=0
_shtab_kiosk_tui_ship___once_nargs=0
_shtab_kiosk_tui_fleet_enroll__h_nargs=0
_shtab_kiosk_tui_fleet_enroll___help_nargs=0
_shtab_kiosk_tui_fleet_enroll___json_nargs=0
_shtab_kiosk_tui_fleet_status__h_nargs=0
_shtab_kiosk_tui_fleet_status___help_nargs=0
_shtab_kiosk_tui_fleet_status___json_nargs=0
_shtab_kiosk_tui_fleet_leave__h_nargs=0
_shtab_kiosk_tui_fleet_leave___help_nargs=0
_shtab_kiosk_tui_fleet_leave___json_nargs=0
_shtab_kiosk_tui_fleet_pos_0_nargs=A...
_shtab_kiosk_tui_fleet__h_nargs=0
_shtab_kiosk_tui_fleet___help_nargs=0
_shtab_kiosk_tui_office_serve__h_nargs=0
_shtab_kiosk_tui_office_serve___help_nargs=0
_shtab_kiosk_tui_office_demo__h_nargs=0
_shtab_kiosk_tui_office_demo___help_nargs=0
_shtab_kiosk_tui_office_migrate__h_nargs=0
_shtab_kiosk_tui_office_migrate___help_nargs=0
_shtab_kiosk_tui_office_migrate___json_nargs=0
_shtab_kiosk_tui_office_tidy__h_nargs=0
_shtab_kiosk_tui_office_tidy___help_nargs=0
_shtab_kiosk_tui_office_tidy___json_nargs=0
_shtab_kiosk_tui_office_user_add__h_nargs=0
_shtab_kiosk_tui_office_user_add___help_nargs=0
_shtab_kiosk_tui_office_user_add___json_nargs=0
_shtab_kiosk_tui_office_user_password__h_nargs=0
_shtab_kiosk_tui_office_user_password___help_nargs=0
_shtab_kiosk_tui_office_user_password___json_nargs=0
_shtab_kiosk_tui_office_user_disable__h_nargs=0
_shtab_kiosk_tui_office_user_disable___help_nargs=0
_shtab_kiosk_tui_office_user_disable___json_nargs=0
_shtab_kiosk_tui_office_user_list__h_nargs=0
_shtab_kiosk_tui_office_user_list___help_nargs=0
_shtab_kiosk_tui_office_user_list___json_nargs=0
_shtab_kiosk_tui_office_user_pos_0_nargs=A...
_shtab_kiosk_tui_office_user__h_nargs=0
_shtab_kiosk_tui_office_user___help_nargs=0
_shtab_kiosk_tui_office_enroll__h_nargs=0
_shtab_kiosk_tui_office_enroll___help_nargs=0
_shtab_kiosk_tui_office_enroll___json_nargs=0
_shtab_kiosk_tui_office_revoke__h_nargs=0
_shtab_kiosk_tui_office_revoke___help_nargs=0
_shtab_kiosk_tui_office_revoke___json_nargs=0
_shtab_kiosk_tui_office_list__h_nargs=0
_shtab_kiosk_tui_office_list___help_nargs=0
_shtab_kiosk_tui_office_list___json_nargs=0
_shtab_kiosk_tui_office_show__h_nargs=0
_shtab_kiosk_tui_office_show___help_nargs=0
_shtab_kiosk_tui_office_show___json_nargs=0
_shtab_kiosk_tui_office_due__h_nargs=0
_shtab_kiosk_tui_office_due___help_nargs=0
_shtab_kiosk_tui_office_due___json_nargs=0
_shtab_kiosk_tui_office_silent__h_nargs=0
_shtab_kiosk_tui_office_silent___help_nargs=0
_shtab_kiosk_tui_office_silent___json_nargs=0
_shtab_kiosk_tui_office_reasons__h_nargs=0
_shtab_kiosk_tui_office_reasons___help_nargs=0
_shtab_kiosk_tui_office_reasons___json_nargs=0
_shtab_kiosk_tui_office_terminals__h_nargs=0
_shtab_kiosk_tui_office_terminals___help_nargs=0
_shtab_kiosk_tui_office_terminals___json_nargs=0
_shtab_kiosk_tui_office_versions__h_nargs=0
_shtab_kiosk_tui_office_versions___help_nargs=0
_shtab_kiosk_tui_office_versions___json_nargs=0
_shtab_kiosk_tui_office_alarms__h_nargs=0
_shtab_kiosk_tui_office_alarms___help_nargs=0
_shtab_kiosk_tui_office_alarms___json_nargs=0
_shtab_kiosk_tui_office_totals__h_nargs=0
_shtab_kiosk_tui_office_totals___help_nargs=0
_shtab_kiosk_tui_office_totals___json_nargs=0
_shtab_kiosk_tui_office_days__h_nargs=0
_shtab_kiosk_tui_office_days___help_nargs=0
_shtab_kiosk_tui_office_days___json_nargs=0
_shtab_kiosk_tui_office_reconcile__h_nargs=0
_shtab_kiosk_tui_office_reconcile___help_nargs=0
_shtab_kiosk_tui_office_reconcile___json_nargs=0
_shtab_kiosk_tui_office_import__h_nargs=0
_shtab_kiosk_tui_office_import___help_nargs=0
_shtab_kiosk_tui_office_import___json_nargs=0
_shtab_kiosk_tui_office_ask__h_nargs=0
_shtab_kiosk_tui_office_ask___help_nargs=0
_shtab_kiosk_tui_office_ask___json_nargs=0
_shtab_kiosk_tui_office_commands_list__h_nargs=0
_shtab_kiosk_tui_office_commands_list___help_nargs=0
_shtab_kiosk_tui_office_commands_list___json_nargs=0
_shtab_kiosk_tui_office_commands_ask_pos_1_nargs=+
_shtab_kiosk_tui_office_commands_ask__h_nargs=0
_shtab_kiosk_tui_office_commands_ask___help_nargs=0
_shtab_kiosk_tui_office_commands_ask___json_nargs=0
_shtab_kiosk_tui_office_commands_approve__h_nargs=0
_shtab_kiosk_tui_office_commands_approve___help_nargs=0
_shtab_kiosk_tui_office_commands_approve___json_nargs=0
_shtab_kiosk_tui_office_commands_stop__h_nargs=0
_shtab_kiosk_tui_office_commands_stop___help_nargs=0
_shtab_kiosk_tui_office_commands_stop___json_nargs=0
_shtab_kiosk_tui_office_commands_pos_0_nargs=A...
_shtab_kiosk_tui_office_commands__h_nargs=0
_shtab_kiosk_tui_office_commands___help_nargs=0
_shtab_kiosk_tui_office_pos_0_nargs=A...
_shtab_kiosk_tui_office__h_nargs=0
_shtab_kiosk_tui_office___help_nargs=0
_shtab_kiosk_tui_completion__h_nargs=0
_shtab_kiosk_tui_completion___help_nargs=0
_shtab_kiosk_tui_help_pos_0_nargs='*'
_shtab_kiosk_tui_help__h_nargs=0
_shtab_kiosk_tui_help___help_nargs=0
_shtab_kiosk_tui_version__h_nargs=0
_shtab_kiosk_tui_version___help_nargs=0
_shtab_kiosk_tui_pos_0_nargs=A...
_shtab_kiosk_tui__h_nargs=0
_shtab_kiosk_tui___help_nargs=0
_shtab_kiosk_tui___version_nargs=0
_shtab_kiosk_tui___demo_nargs=0
_shtab_kiosk_tui___plain_nargs=0


# $1=COMP_WORDS[1]
_shtab_compgen_files() {
  compgen -f -- $1  # files
}

# $1=COMP_WORDS[1]
_shtab_compgen_dirs() {
  compgen -d -- $1  # recurse into subdirs
}

# $1=COMP_WORDS[1]
_shtab_replace_nonword() {
  echo "${1//[^[:word:]]/_}"
}

# set default values (called for the initial parser & any subparsers)
_set_parser_defaults() {
  local subparsers_var="${prefix}_subparsers[@]"
  sub_parsers=${!subparsers_var-}

  local current_option_strings_var="${prefix}_option_strings[@]"
  current_option_strings=${!current_option_strings_var}

  completed_positional_actions=0

  _set_new_action "pos_$completed_positional_actions" true
}

# $1=action identifier
# $2=positional action (bool)
# set all identifiers for an action's parameters
_set_new_action() {
  current_action="${prefix}_$(_shtab_replace_nonword $1)"

  local current_action_compgen_var=${current_action}_COMPGEN
  current_action_compgen="${!current_action_compgen_var-}"

  local current_action_choices_var="${current_action}_choices[@]"
  current_action_choices="${!current_action_choices_var-}"

  local current_action_nargs_var="${current_action}_nargs"
  if [ -n "${!current_action_nargs_var-}" ]; then
    current_action_nargs="${!current_action_nargs_var}"
  else
    current_action_nargs=1
  fi

  current_action_args_start_index=$(( $word_index + 1 - $pos_only ))

  current_action_is_positional=$2
}

# Notes:
# `COMPREPLY`: what will be rendered after completion is triggered
# `completing_word`: currently typed word to generate completions for
# `${!var}`: evaluates the content of `var` and expand its content as a variable
#     hello="world"
#     x="hello"
#     ${!x} -> ${hello} -> "world"
_shtab_kiosk_tui() {
  local completing_word="${COMP_WORDS[COMP_CWORD]}"
  local previous_word="${COMP_WORDS[COMP_CWORD-1]}"
  local completed_positional_actions
  local current_action
  local current_action_args_start_index
  local current_action_choices
  local current_action_compgen
  local current_action_is_positional
  local current_action_nargs
  local current_option_strings
  local sub_parsers
  COMPREPLY=()

  local prefix=_shtab_kiosk_tui
  local word_index=0
  local pos_only=0 # "--" delimiter not encountered yet
  _set_parser_defaults
  word_index=1

  # determine what arguments are appropriate for the current state
  # of the arg parser
  while [ $word_index -ne $COMP_CWORD ]; do
    local this_word="${COMP_WORDS[$word_index]}"

    if [[ $pos_only = 1 || " $this_word " != " -- " ]]; then
      if [[ -n $sub_parsers && " ${sub_parsers[@]} " == *" $this_word "* ]]; then
        # valid subcommand: add it to the prefix & reset the current action
        prefix="${prefix}_$(_shtab_replace_nonword $this_word)"
        _set_parser_defaults
      fi

      if [[ " ${current_option_strings[@]} " == *" $this_word "* ]]; then
        # a new action should be acquired (due to recognised option string or
        # no more input expected from current action);
        # the next positional action can fill in here
        _set_new_action $this_word false
      fi

      if [[ "$current_action_nargs" != "*" ]] && \
         [[ "$current_action_nargs" != "+" ]] && \
         [[ "$current_action_nargs" != "?" ]] && \
         [[ "$current_action_nargs" != *"..." ]] && \
         (( $word_index + 1 - $current_action_args_start_index - $pos_only >= \
            $current_action_nargs )); then
        $current_action_is_positional && let "completed_positional_actions += 1"
        _set_new_action "pos_$completed_positional_actions" true
      fi
    else
      pos_only=1 # "--" delimiter encountered
    fi

    let "word_index+=1"
  done

  # Generate the completions

  COMPREPLY=()
  if [[ $pos_only = 0 && "$completing_word" == -* &&
        ( -z "$current_action_compgen" || "$current_action_is_positional" = true ) ]]; then
    # optional argument started: use option strings
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(
      compgen -W "${current_option_strings[*]}" -- "$completing_word")
  elif [[ "$previous_word" =~ ^[0-9\&]*[\<\>]\>?$ ]]; then
    # handle redirection operators
    compopt -o filenames 2>/dev/null || : # bash>=4
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$completing_word")
  else
    # use choices & compgen
    local action_compgen_word="$completing_word"
    # handle tab-completing in the middle of a line (#248 <- #116)
    [[ -n "$current_action_compgen" && "$completing_word" == -* ]] && action_compgen_word=""
    [ -n "$current_action_compgen" ] && {
      [[ "$current_action_compgen" =~ _(file|dir|glob|FILE|DIR|GLOB)|File|Dir|Glob ]] &&
        compopt -o filenames 2>/dev/null || : # bash>=4
      while IFS= read -r line; do COMPREPLY+=("$line"); done < <(
        "$current_action_compgen" "$action_compgen_word")
    }
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(
      compgen -W "${current_action_choices[*]}" -- "$completing_word")
  fi

  if [[ ${#COMPREPLY[@]} = 0 ]]; then
    # native fallback matches are not necessarily filenames (e.g. variables)
    compopt +o filenames 2>/dev/null || : # bash>=4
  fi

  return 0
}

complete -o bashdefault -F _shtab_kiosk_tui kiosk-tui
