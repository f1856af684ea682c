from mande.cli import main

main()
