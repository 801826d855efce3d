return await DtMcp.Commands.Entry.RunAsync(args);
