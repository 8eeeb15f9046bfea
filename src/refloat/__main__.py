from refloat.cli import main

main()
