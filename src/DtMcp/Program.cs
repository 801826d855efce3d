return await DtMcp.Hosting.Entry.RunAsync(args);
